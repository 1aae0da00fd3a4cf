import { startBridge, startCluster } from '../../kafka-tool/index.ts'
import { BROKER } from '../arena.ts'
import { describeMachine, describeVersions, load } from '../machine.ts'
import { readable } from '../statistics.ts'
import { openCluster, POLL_MS } from '../target-watch.ts'
import { PARTITIONS } from '../workloads.ts'
import { type ConnectContestant, connectContestants } from './contestants.ts'
import { loadLines, writeLines } from './data.ts'
import type { ConnectBenchOptions } from './options.ts'
import type { ConnectReport } from './report.ts'
import { type ConnectArena, type ConnectResult, runConnect } from './run.ts'
import { type ConnectWorkload, VALUE_BYTES } from './workloads.ts'

const TOPIC = 'lines'

/** Of a run that was disturbed. */
const MAX_REPETITIONS = 2

type Say = (line: string) => void

/** Measures everything asked for; what cannot be measured becomes a failure of the report. */
export const runConnectBench = async (options: ConnectBenchOptions, say: Say): Promise<ConnectReport> => {
  const startedAt = new Date()
  const loadBefore = load()
  const contestants = await connectContestants(options.contestants, options.isthmusCommand)
  say('starting a cluster')
  const [cluster, bridge] = await Promise.all([startCluster({ name: 'connect', ...BROKER }), startBridge()])
  const results: ConnectResult[] = []
  const failures: string[] = []
  try {
    const watch = await openCluster(cluster.bootstrapServers)
    const { records } = options
    try {
      say(`writing ${records} records to a file and a topic`)
      const lines = await writeLines(records)
      await bridge.createTopic(cluster, TOPIC, { partitions: PARTITIONS })
      await loadLines(cluster, TOPIC, lines, records)
      const arena = { cluster, bridge, watch, lines, topic: TOPIC, records }
      await measure({ arena, contestants, options, results, failures, say })
    } finally {
      await watch.close()
    }
  } finally {
    await Promise.all([bridge.close(), cluster.stop()])
  }
  return {
    startedAt: startedAt.toISOString(),
    minutes: (Date.now() - startedAt.getTime()) / 60_000,
    command: `npm run bench:connect -- ${process.argv.slice(2).join(' ')}`.replace(/ --? ?$/, ''),
    machine: { ...describeMachine(), loadBefore, loadAfter: load() },
    versions: await describeVersions(false),
    settings: {
      measurement: `${options.records} records of ${VALUE_BYTES} bytes of JSON without keys, ${PARTITIONS} partitions, one task, ${options.runs} rounds, the target looked at every ${POLL_MS} ms${options.calm === undefined ? '' : `, runs repeated when others took more than ${options.calm} % of the CPU`}`,
      broker: `one, -Xmx${BROKER.heapMb}m and the JVM defaults otherwise, replication factor 1, loopback, no initial delay of groups`,
      ...Object.fromEntries(contestants.map(({ name, settings }) => [name, settings])),
    },
    results,
    failures,
  }
}

interface Measuring {
  readonly arena: ConnectArena
  readonly contestants: readonly ConnectContestant[]
  readonly options: ConnectBenchOptions
  readonly results: ConnectResult[]
  readonly failures: string[]
  readonly say: Say
}

/** Rounds A B C … A B C …, so that what disturbs a while disturbs all of them. */
const measure = async ({ arena, contestants, options, results, failures, say }: Measuring): Promise<void> => {
  for (const workload of options.workloads) {
    await warmUp(arena, contestants[0], workload, say)
    for (let round = 1; round <= options.runs; round++) {
      for (const contestant of contestants) {
        const what = `${workload.name}, round ${round}: ${contestant.name}`
        try {
          const result = await calmest(options.calm, say, () => runConnect(arena, contestant, workload, round))
          results.push(result)
          say(`${what}: ${describe(result)}`)
        } catch (error) {
          failures.push(`${what}: ${(error as Error).message.split('\n')[0]}`)
          say(`${what} could not be measured: ${(error as Error).message}`)
        }
      }
    }
  }
}

/** The broker's code for this kind of data is compiled, and the input is in the page cache, before anything counts. */
const warmUp = async (
  arena: ConnectArena,
  contestant: ConnectContestant | undefined,
  workload: ConnectWorkload,
  say: Say,
): Promise<void> => {
  if (contestant === undefined) return
  say(`${workload.name}: warming up with ${contestant.name}`)
  await runConnect(arena, contestant, workload, 0).catch((error: Error) => say(`the warm-up failed: ${error.message}`))
}

const calmest = async (calm = Number.POSITIVE_INFINITY, say: Say, run: () => Promise<ConnectResult>): Promise<ConnectResult> => {
  const others = ({ othersCpuPercent }: ConnectResult): number => othersCpuPercent ?? 0
  let best = await run()
  for (let again = 0; others(best) > calm && again < MAX_REPETITIONS; again++) {
    say(`others took ${readable(others(best))} % of the CPU: once more`)
    const result = await run()
    if (others(result) < others(best)) best = result
  }
  return best
}

const describe = (result: ConnectResult): string => {
  const { recordsPerSecond, cpuSecondsPerMillion, peakRssMb, startToFirstSeconds, othersCpuPercent } = result
  const known = (figure: number | undefined): string => (figure === undefined ? '?' : readable(figure))
  return (
    `${readable(recordsPerSecond / 1e3)} thousand records/s, ${known(cpuSecondsPerMillion)} CPU-s per million, ${known(peakRssMb)} MB, ` +
    `first record after ${readable(startToFirstSeconds)} s, others ${known(othersCpuPercent)} %`
  )
}
