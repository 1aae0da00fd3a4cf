import { setTimeout as delay } from 'node:timers/promises'
import { type Arena, clearTarget } from './arena.ts'
import type { Contestant } from './contestants/contestant.ts'
import { watchOthers } from './disturbance.ts'
import { logBytes } from './log-files.ts'
import { usageOf } from './process-usage.ts'
import type { StartedProcess } from './processes.ts'
import type { CopyResult } from './results.ts'
import type { SourceData } from './source-data.ts'
import { type Copy, type Moment, type Observation, watchCopy } from './target-watch.ts'
import { PARTITIONS, recordBytes, type Workload } from './workloads.ts'

const START_MS = 60_000
const STALL_MS = 30_000
const STOP_MS = 15_000
/** The brokers delete the files of a topic a second after the topic. */
const SETTLE_MS = 1_500

interface Look {
  readonly cpuSeconds: number | undefined
  readonly peakRssBytes: number | undefined
  readonly othersCpuPercent: number | undefined
}

/** One contestant copies the whole source topic to a topic of its own, which is deleted afterwards. */
export const runCopy = async (arena: Arena, contestant: Contestant, data: SourceData, round: number): Promise<CopyResult> => {
  const { source, target, bridge } = arena
  const { workload, records } = data
  const alias = arena.newAlias()
  const topic = workload.name
  const targetTopic = `${alias}.${topic}`
  if (!contestant.isMirror) await bridge.createTopic(target, targetTopic, { partitions: PARTITIONS })
  const startedMs = performance.now()
  const { codec, compressible } = workload
  const copier = await contestant.start({ source, target, alias, topic, targetTopic, codec, compressible, records })
  let measured: Omit<CopyResult, 'exitCode'>
  let exitCode: number | undefined
  try {
    const copy = await observe(arena, copier, targetTopic, records)
    measured = {
      contestant: contestant.name,
      workload: topic,
      round,
      startToFirstSeconds: (copy.first.atMs - startedMs) / 1000,
      targetLogMb: logBytes(target, targetTopic) / 1e6,
      extraRecords: copy.last.records - records,
      ...measure(copy, workload),
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${copier.output().slice(-3000)}`.trimEnd(), { cause: error })
  } finally {
    exitCode = await copier.stop(STOP_MS)
    await clearTarget(arena, alias)
    await delay(SETTLE_MS)
  }
  return { ...measured, exitCode }
}

const observe = (arena: Arena, copier: StartedProcess, topic: string, records: number): Promise<Copy<Look>> => {
  let othersSince: (() => number | undefined) | undefined
  const look = (moment: Moment): Look => {
    const usage = usageOf(copier.pid)
    const othersCpuPercent = othersSince?.()
    if (moment === 'before' || moment === 'first') othersSince = watchOthers()
    return { cpuSeconds: usage?.cpuSeconds, peakRssBytes: usage?.peakRssBytes, othersCpuPercent }
  }
  return watchCopy(arena.watch, topic, records, look, { startMs: START_MS, stallMs: STALL_MS, check: copier.check })
}

/**
 * Rates over the time between the first records seen and the last, and over the records that came in between.
 * Where a copy is so short that half of it is there at the first look, the count starts at the last look that found nothing.
 */
const measure = ({ empty, first, half, last }: Copy<Look>, workload: Workload): Omit<CopyResult, Place> => {
  const start: Observation<Look> = first.records > last.records / 2 ? empty : first
  const mb = ((last.records - start.records) * recordBytes(workload)) / 1e6
  const copySeconds = (last.atMs - start.atMs) / 1000
  const { cpuSeconds, peakRssBytes, othersCpuPercent } = last.extra
  const cpu = difference(cpuSeconds, start.extra.cpuSeconds)
  const lateMb = ((last.records - half.records) * recordBytes(workload)) / 1e6
  const lateCpu = difference(cpuSeconds, half.extra.cpuSeconds)
  return {
    mbPerSecond: mb / copySeconds,
    copySeconds,
    ...(cpu !== undefined && { cpuSecondsPerGb: (cpu / mb) * 1000 }),
    lateMbPerSecond: (lateMb / (last.atMs - half.atMs)) * 1000,
    ...(lateCpu !== undefined && { lateCpuSecondsPerGb: (lateCpu / lateMb) * 1000 }),
    ...(start.extra.cpuSeconds !== undefined && { startCpuSeconds: start.extra.cpuSeconds }),
    ...(peakRssBytes !== undefined && { peakRssMb: peakRssBytes / 1e6 }),
    ...(othersCpuPercent !== undefined && { othersCpuPercent }),
  }
}

type Place = 'exitCode' | 'contestant' | 'workload' | 'round' | 'startToFirstSeconds' | 'targetLogMb' | 'extraRecords'

const difference = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a - b
