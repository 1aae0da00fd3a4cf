/** How a worker runs source tasks. Times in milliseconds. */
export interface SourceTaskSettings {
  /** Bytes on their way per task: demanded, or delivered and not acknowledged. */
  readonly windowBytes: number
  /** Bytes one demand asks for. */
  readonly permitBytes: number
  /** Decoded records one demand asks for. */
  readonly maxRecords: number
  /** `offset.flush.interval.ms` */
  readonly flushIntervalMs: number
  /** `offset.flush.timeout.ms` */
  readonly flushTimeoutMs: number
  /** `task.shutdown.graceful.timeout.ms`: one budget for draining, the last commit and closing. */
  readonly gracefulTimeoutMs: number
}

export const defaultSourceTaskSettings: SourceTaskSettings = {
  windowBytes: 16 * 1024 * 1024,
  permitBytes: 4 * 1024 * 1024,
  maxRecords: 10_000,
  flushIntervalMs: 1_000,
  flushTimeoutMs: 5_000,
  gracefulTimeoutMs: 5_000,
}

/** When failed tasks are started again. */
export interface RestartSettings {
  /** At most this many restarts `withinMs`; 0 = never. */
  readonly max: number
  readonly withinMs: number
  readonly initialDelayMs: number
  readonly maxDelayMs: number
}

export const defaultRestartSettings: RestartSettings = { max: 10, withinMs: 3_600_000, initialDelayMs: 1_000, maxDelayMs: 60_000 }
