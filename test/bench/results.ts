export const CONTESTANTS = ['isthmus', 'mm2', 'mm2-tuned', 'go', 'limit'] as const
export type ContestantName = (typeof CONTESTANTS)[number]

/** One copy of a whole topic into a fresh one. MB = 10^6 bytes of key and value. */
export interface CopyResult {
  readonly contestant: ContestantName
  readonly workload: string
  readonly round: number
  /** From the first records seen on the target to the last. */
  readonly mbPerSecond: number
  readonly copySeconds: number
  /** Of the copier's process tree within `copySeconds`; undefined where there is no /proc. */
  readonly cpuSecondsPerGb?: number
  /** The same two of what came after half of all records: what begins with the copy, compilation above all, is over then. */
  readonly lateMbPerSecond: number
  readonly lateCpuSecondsPerGb?: number
  /** From the start of the process to the first records on the target. */
  readonly startCpuSeconds?: number
  /** VmHWM at the end of the copy. */
  readonly peakRssMb?: number
  readonly startToFirstSeconds: number
  /** Size of the target topic's log files. */
  readonly targetLogMb: number
  /** Records on the target beyond those of the source: copied twice. */
  readonly extraRecords: number
  /** After SIGTERM; 143 where the program leaves it to the system, 137 when it had not ended 15 s later. */
  readonly exitCode: number
  /** Share of all cores that processes outside this benchmark took meanwhile. */
  readonly othersCpuPercent?: number
}

/** Milliseconds from send() to the return of poll(). */
export interface LatencySummary {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly missing: number
}

export interface LatencyResult {
  readonly contestant: ContestantName
  readonly records: number
  /** Of a consumer on the source, at the same time. */
  readonly source: LatencySummary
  readonly target: LatencySummary
  /** Difference of the medians. */
  readonly addedP50: number
  readonly othersCpuPercent?: number
}

/** A run that could not be measured. */
export interface Failure {
  readonly contestant: ContestantName
  readonly what: string
  readonly reason: string
}

/** As read from the broker's log. */
export interface LogShape {
  readonly workload: string
  readonly records: number
  readonly batches: number
  readonly codecs: readonly string[]
  readonly averageBatchBytes: number
  /** Bytes of key and value by bytes of log. */
  readonly ratio: number
  readonly logMb: number
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly os: string
  readonly loadBefore: readonly number[]
  readonly loadAfter: readonly number[]
}

export interface BenchReport {
  readonly startedAt: string
  readonly minutes: number
  readonly command: string
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  readonly shapes: readonly LogShape[]
  readonly copies: readonly CopyResult[]
  readonly latencies: readonly LatencyResult[]
  readonly failures: readonly Failure[]
  readonly notes: readonly string[]
}
