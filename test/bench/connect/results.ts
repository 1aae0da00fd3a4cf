import type { Machine } from '../results.ts'
import type { ContestantName } from './contestants.ts'

/** Of a stretch of a run. */
export interface Stretch {
  readonly records: number
  readonly seconds: number
  /** Of the worker's process tree; undefined where there is no /proc. */
  readonly cpuSeconds?: number
}

/** One connector's whole input, moved once. */
export interface ConnectResult {
  readonly contestant: ContestantName
  readonly shape: string
  readonly round: number
  /** From the start of the process until its first records are seen where they belong. */
  readonly startSeconds: number
  readonly startCpuSeconds?: number
  /** From the first records seen to the last. */
  readonly whole: Stretch
  /** Of that, what came after half of all records: code is compiled, pools are filled. */
  readonly secondHalf: Stretch
  /** VmHWM at the end. */
  readonly peakRssMb?: number
  /** After SIGTERM; 143 where the program leaves it to the system. */
  readonly exitCode: number
  /** Share of all cores that processes outside the benchmark took meanwhile. */
  readonly othersCpuPercent?: number
}

export interface ConnectReport {
  readonly startedAt: string
  readonly minutes: number
  readonly command: string
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  readonly results: readonly ConnectResult[]
  /** What could not be measured, and why. */
  readonly failures: readonly string[]
  readonly notes: readonly string[]
}

/** Undefined where there is no processor time to be read. */
export const perCore = ({ records, cpuSeconds }: Stretch): number | undefined =>
  cpuSeconds === undefined || cpuSeconds === 0 ? undefined : records / cpuSeconds
