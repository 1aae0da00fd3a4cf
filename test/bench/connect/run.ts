import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { watchOthers } from '../disturbance.ts'
import { usageOf } from '../process-usage.ts'
import type { StartedProcess } from '../processes.ts'
import { POLL_MS } from '../target-watch.ts'
import { PARTITIONS } from '../workloads.ts'
import type { Contestant } from './contestants.ts'
import { fileProgress, type Progress, topicProgress } from './progress.ts'
import type { ConnectResult, Stretch } from './results.ts'
import type { Scene } from './scene.ts'
import { connectorProperties, type Shape } from './shapes.ts'

const START_MS = 120_000
const STALL_MS = 30_000
const STOP_MS = 20_000
/** The brokers delete the files of a topic a second after the topic. */
const SETTLE_MS = 1_500

interface Look {
  readonly atMs: number
  readonly records: number
  readonly cpuSeconds: number | undefined
}

/** One worker moves all that a shape's input holds; its output is deleted afterwards. */
export const runConnector = async (scene: Scene, contestant: Contestant, shape: Shape, round: number): Promise<ConnectResult> => {
  const name = scene.newName()
  const folder = join(scene.folder, name)
  mkdirSync(folder)
  const isSource = shape.direction === 'source'
  const output = isSource ? name : join(folder, 'lines.txt')
  if (isSource) await scene.bridge.createTopic(scene.cluster, name, { partitions: PARTITIONS })
  const input = await scene.inputOf(shape)
  const connector = isSource ? connectorProperties(shape, name, input, output) : connectorProperties(shape, name, output, input)
  const progress = isSource ? topicProgress(scene.watch, output) : fileProgress(output, scene.records)
  const startedMs = performance.now()
  const worker = await contestant.start({ folder, bootstrapServers: scene.cluster.bootstrapServers, connector })
  let measured: Omit<ConnectResult, 'exitCode'>
  let exitCode: number
  try {
    const observed = await observe(worker, progress, scene.records)
    measured = { contestant: contestant.name, shape: shape.name, round, ...figuresOf(observed, startedMs) }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${worker.output().slice(-3000)}`.trimEnd(), { cause: error })
  } finally {
    exitCode = await worker.stop(STOP_MS)
    if (isSource) await scene.bridge.deleteTopic(scene.cluster, name)
    rmSync(folder, { recursive: true, force: true })
    await delay(SETTLE_MS)
  }
  return { ...measured, exitCode }
}

interface Observed {
  readonly first: Look
  /** The first with half of all records; the first of all, where that is it. */
  readonly half: Look
  readonly last: Look
  readonly peakRssBytes: number | undefined
  readonly othersCpuPercent: number | undefined
}

const observe = async (worker: StartedProcess, progress: Progress, total: number): Promise<Observed> => {
  let first: Look | undefined
  let half: Look | undefined
  let others: (() => number | undefined) | undefined
  let records = 0
  for (let grownMs = performance.now(); ; ) {
    const now = await progress()
    const atMs = performance.now()
    const look = (): Look => ({ atMs, records: now, cpuSeconds: usageOf(worker.pid)?.cpuSeconds })
    if (now > 0 && first === undefined) {
      first = look()
      others = watchOthers()
    }
    if (now >= total / 2) half ??= look()
    if (first !== undefined && half !== undefined && now >= total) {
      return { first, half, last: look(), peakRssBytes: usageOf(worker.pid)?.peakRssBytes, othersCpuPercent: others?.() }
    }
    worker.check()
    if (now > records) grownMs = atMs
    records = now
    const limitMs = first === undefined ? START_MS : STALL_MS
    if (atMs - grownMs > limitMs) throw new Error(`${now} of ${total} records have been there for ${limitMs / 1000} s`)
    await delay(POLL_MS)
  }
}

type Figures = Pick<
  ConnectResult,
  'startSeconds' | 'startCpuSeconds' | 'whole' | 'secondHalf' | 'peakRssMb' | 'othersCpuPercent'
>

const figuresOf = ({ first, half, last, peakRssBytes, othersCpuPercent }: Observed, startedMs: number): Figures => ({
  startSeconds: (first.atMs - startedMs) / 1000,
  ...(first.cpuSeconds !== undefined && { startCpuSeconds: first.cpuSeconds }),
  whole: stretch(first, last),
  secondHalf: stretch(half, last),
  ...(peakRssBytes !== undefined && { peakRssMb: peakRssBytes / 1e6 }),
  ...(othersCpuPercent !== undefined && { othersCpuPercent }),
})

const stretch = (from: Look, to: Look): Stretch => ({
  records: to.records - from.records,
  seconds: (to.atMs - from.atMs) / 1000,
  ...(from.cpuSeconds !== undefined && to.cpuSeconds !== undefined && { cpuSeconds: to.cpuSeconds - from.cpuSeconds }),
})
