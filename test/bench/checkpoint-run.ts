import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../framework/kafka/cluster.ts'
import { spawnJava } from '../kafka-tool/index.ts'
import { type Arena, clearTarget, openArena } from './arena.ts'
import { commitFor, commitSteadily, recordsIn } from './checkpoint-load.ts'
import { isthmus } from './contestants/isthmus.ts'
import { mirrorProperties, writeProperties } from './contestants/mirror-properties.ts'
import { watchOthers } from './disturbance.ts'
import { isthmusProgram } from './paths.ts'
import { usageOf } from './process-usage.ts'
import { adopt, type StartedProcess, startProcess } from './processes.ts'
import { openCluster } from './target-watch.ts'

export interface CheckpointBenchOptions {
  readonly groups: number
  readonly partitions: number
  /** Of each phase. */
  readonly seconds: number
  readonly contestants: readonly ('isthmus' | 'mm2')[]
}

export interface PhaseResult {
  readonly contestant: string
  /** Groups that commit each second, each in all partitions. */
  readonly groupsPerSecond: number
  /** Of one core. */
  readonly cpuShare: number
  readonly peakRssBytes: number
  readonly committedPerSecond: number
  /** Written to the checkpoints topic. */
  readonly checkpointsPerSecond: number
  /** Percent of all cores that other processes took. */
  readonly othersPercent: number | undefined
}

const RECORDS_PER_PARTITION = 2_000
/**
 * Where the groups stand when a contestant starts. MirrorMaker 2 translates nothing that lies before the last offset sync it finds then, so for
 * it they stand at the end; what they commit from there on it translates to one and the same offset, and writes nothing.
 */
const FIRST_OFFSET = { isthmus: 1, mm2: RECORDS_PER_PARTITION }
const SETTLE_MS = 10_000
const START_MS = 240_000

/** What keeping checkpoints of many groups every second costs, with nobody, a tenth and all of them moving. */
export const measureCheckpoints = async (
  options: CheckpointBenchOptions,
  report: (result: PhaseResult) => void,
): Promise<readonly PhaseResult[]> => {
  const arena = await openArena()
  const source = await openCluster(arena.source.bootstrapServers)
  const topic = 'checkpointed'
  const results: PhaseResult[] = []
  try {
    await arena.bridge.createTopic(arena.source, topic, { partitions: options.partitions })
    const count = options.partitions * RECORDS_PER_PARTITION
    const load = await arena.bridge.startLoad(arena.source, topic, {
      partitions: options.partitions,
      rate: 0,
      count,
      valueBytes: 20,
    })
    await load.done
    const groups = { cluster: source, topic, groups: options.groups, partitions: options.partitions }
    for (const name of options.contestants) {
      const first = FIRST_OFFSET[name]
      await commitFor(groups, 0, options.groups, first)
      const alias = arena.newAlias()
      const started = await start(name, arena, alias, topic)
      try {
        await awaitCheckpoints(arena.watch, alias, name === 'mm2' ? 1 : options.groups * options.partitions, started)
        let offset = first + 1
        for (const perSecond of [0, Math.ceil(options.groups / 10), options.groups]) {
          await sleep(SETTLE_MS)
          const result = await measure(started.pid, arena.watch, alias, options.seconds, () =>
            commitSteadily(groups, perSecond, options.seconds, offset),
          )
          offset += options.seconds
          results.push({ contestant: name, groupsPerSecond: perSecond, ...result })
          report(results.at(-1)!)
        }
      } finally {
        await started.stop(20_000)
      }
      await clearTarget(arena, alias)
    }
    return results
  } finally {
    await source.close()
    await arena.close()
  }
}

type Figures = Omit<PhaseResult, 'contestant' | 'groupsPerSecond'>

const measure = async (
  pid: number,
  watch: Cluster,
  alias: string,
  seconds: number,
  load: () => Promise<number>,
): Promise<Figures> => {
  const written = await recordsIn(watch, checkpointsTopic(alias))
  const others = watchOthers()
  const before = usageOf(pid)
  const startedAt = performance.now()
  const committed = await load()
  const elapsed = (performance.now() - startedAt) / 1_000
  const after = usageOf(pid)
  if (before === undefined || after === undefined) throw new Error('there is no /proc to read processor time from')
  return {
    cpuShare: (after.cpuSeconds - before.cpuSeconds) / elapsed,
    peakRssBytes: after.peakRssBytes,
    committedPerSecond: committed / seconds,
    checkpointsPerSecond: ((await recordsIn(watch, checkpointsTopic(alias))) - written) / elapsed,
    othersPercent: others(),
  }
}

const checkpointsTopic = (alias: string): string => `${alias}.checkpoints.internal`

const awaitCheckpoints = async (watch: Cluster, alias: string, count: number, started: StartedProcess): Promise<void> => {
  const deadline = performance.now() + START_MS
  for (;;) {
    started.check()
    const written = await recordsIn(watch, checkpointsTopic(alias))
    if (written >= count) return
    if (performance.now() > deadline)
      throw new Error(`${written} of ${count} checkpoints within ${START_MS} ms:\n${started.output().slice(-3000)}`)
    await sleep(200)
  }
}

const start = async (name: 'isthmus' | 'mm2', arena: Arena, alias: string, topic: string): Promise<StartedProcess> => {
  const { source, target } = arena
  const properties = {
    ...mirrorProperties({ source, target, alias, topic }),
    [`${alias}->target.groups`]: 'checkpointed-.*',
    'emit.checkpoints.interval.seconds': '1',
    'refresh.groups.interval.seconds': '60',
  }
  const file = writeProperties(name, properties)
  const args = [file, '--clusters', 'target']
  if (name === 'isthmus') {
    await isthmus()
    return startProcess(process.execPath, [isthmusProgram, 'mirror', ...args], {
      env: { ...process.env, NODE_ENV: 'production' },
    })
  }
  const mainClass = 'org.apache.kafka.connect.mirror.MirrorMaker'
  return adopt(await spawnJava({ mainClass, args, heapMb: 2048, jvm: ['-server', '-Xms256m', '-XX:+UseG1GC'], logLevel: 'warn' }))
}
