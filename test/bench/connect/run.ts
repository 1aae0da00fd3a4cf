import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { Bridge, KafkaCluster } from '../../kafka-tool/index.ts'
import { watchOthers } from '../disturbance.ts'
import { usageOf } from '../process-usage.ts'
import type { StartedProcess } from '../processes.ts'
import { type Copy, type Moment, type Observation, recordsIn, type Watched, watchCount } from '../target-watch.ts'
import { PARTITIONS } from '../workloads.ts'
import type { ConnectContestant, ConnectContestantName } from './contestants.ts'
import { countLines, lineCounter } from './data.ts'
import type { ConnectWorkload, ConnectWorkloadName } from './workloads.ts'

/** The cluster and the input that all workers share. */
export interface ConnectArena {
  readonly cluster: KafkaCluster
  /** For administration only. */
  readonly bridge: Bridge
  /** Our own connection. */
  readonly watch: Cluster
  /** A file, what sources read. */
  readonly lines: string
  /** The same as records, what sinks read. */
  readonly topic: string
  readonly records: number
}

/** One worker has moved all records. */
export interface ConnectResult {
  readonly contestant: ConnectContestantName
  readonly workload: ConnectWorkloadName
  readonly round: number
  /** From the first records seen where they belong to the last. */
  readonly recordsPerSecond: number
  /** Of the worker's process tree meanwhile; undefined where there is no /proc. */
  readonly cpuSecondsPerMillion?: number
  /** The same of the second half of the records: what is compiled while it runs is compiled, what is pooled has its size. */
  readonly lateCpuSecondsPerMillion?: number
  /** From the start of the process to the first records. */
  readonly startToFirstSeconds: number
  readonly startCpuSeconds?: number
  /** VmHWM at the end. */
  readonly peakRssMb?: number
  /** Beyond those of the input. */
  readonly extraRecords: number
  /** After SIGTERM; 143 where the program leaves it to the system, 137 when it had not ended 20 s later. */
  readonly exitCode: number
  /** Share of all cores that processes outside this benchmark took meanwhile. */
  readonly othersCpuPercent?: number
}

const START_MS = 120_000
const STALL_MS = 30_000
const STOP_MS = 20_000
/** The broker deletes the files of a topic a second after the topic. */
const SETTLE_MS = 1_500

/** One worker with one connector moves the whole input to a topic or file of its own, which is deleted afterwards. */
export const runConnect = async (
  arena: ConnectArena,
  contestant: ConnectContestant,
  workload: ConnectWorkload,
  round: number,
): Promise<ConnectResult> => {
  const { cluster, bridge, records } = arena
  const folder = mkdtempSync(join(tmpdir(), 'bench-connect-'))
  // No other connector, group or topic has had this name.
  const name = `${workload.name}-${contestant.name}-${crypto.randomUUID().slice(0, 8)}`
  const file = join(folder, 'lines.txt')
  const isSource = workload.kind === 'source'
  const ends = isSource ? { file: arena.lines, topic: name } : { file, topics: arena.topic }
  if (isSource) await bridge.createTopic(cluster, name, { partitions: PARTITIONS })
  const count = isSource ? () => recordsIn(arena.watch, name) : lineCounter(file)
  const startedMs = performance.now()
  const worker = await contestant.start({
    folder,
    worker: { 'bootstrap.servers': cluster.bootstrapServers, ...workload.worker },
    connector: { name, ...workload.connector, ...ends },
  })
  let exitCode: number | undefined
  try {
    const copy = await observe(worker, { what: name, count, total: records })
    exitCode = await worker.stop(STOP_MS)
    const there = isSource ? await count() : await countLines(file)
    const place = { contestant: contestant.name, workload: workload.name, round }
    return { ...place, ...figuresOf(copy, startedMs), extraRecords: there - records, exitCode }
  } finally {
    if (exitCode === undefined) await worker.stop(STOP_MS)
    if (isSource) await bridge.deleteTopic(cluster, name)
    rmSync(folder, { recursive: true, force: true })
    await delay(SETTLE_MS)
  }
}

interface Look {
  readonly cpuSeconds: number | undefined
  readonly peakRssBytes: number | undefined
  readonly othersCpuPercent: number | undefined
}

const observe = async (worker: StartedProcess, grown: Watched): Promise<Copy<Look>> => {
  let others: (() => number | undefined) | undefined
  const look = (moment: Moment): Look => {
    const { cpuSeconds, peakRssBytes } = usageOf(worker.pid) ?? {}
    if (moment === 'first') others = watchOthers()
    return { cpuSeconds, peakRssBytes, othersCpuPercent: moment === 'last' ? others?.() : undefined }
  }
  try {
    return await watchCount(grown, look, { startMs: START_MS, stallMs: STALL_MS, check: worker.check })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${worker.output().slice(-3000)}`.trimEnd(), { cause: error })
  }
}

type Figures = Omit<ConnectResult, 'contestant' | 'workload' | 'round' | 'extraRecords' | 'exitCode'>

const figuresOf = ({ first, half, last }: Copy<Look>, startedMs: number): Figures => {
  const cpu = cpuPerMillion(first, last)
  const late = cpuPerMillion(half, last)
  const startCpuSeconds = first.extra.cpuSeconds
  const { peakRssBytes, othersCpuPercent } = last.extra
  return {
    recordsPerSecond: ((last.records - first.records) / (last.atMs - first.atMs)) * 1000,
    ...(cpu !== undefined && { cpuSecondsPerMillion: cpu }),
    ...(late !== undefined && { lateCpuSecondsPerMillion: late }),
    startToFirstSeconds: (first.atMs - startedMs) / 1000,
    ...(startCpuSeconds !== undefined && { startCpuSeconds }),
    ...(peakRssBytes !== undefined && { peakRssMb: peakRssBytes / 1e6 }),
    ...(othersCpuPercent !== undefined && { othersCpuPercent }),
  }
}

const cpuPerMillion = (from: Observation<Look>, to: Observation<Look>): number | undefined => {
  const [before, after] = [from.extra.cpuSeconds, to.extra.cpuSeconds]
  if (before === undefined || after === undefined || to.records === from.records) return undefined
  return ((after - before) / (to.records - from.records)) * 1e6
}
