import type { MetricSource } from './metrics.ts'
import type { StatusReport } from './status-report.ts'

/** What a command shows of itself while it runs. */
export interface Observed {
  /** `host:port` of the HTTP listener; `none` or absent = nobody listens. Port 0 = a free one, which the log tells. */
  readonly listen?: string | undefined
  readonly metrics: readonly MetricSource[]
  health(): ObservedHealth
  /** Asked about once a second while somebody reads it. */
  status(): StatusReport
}

export interface ObservedHealth {
  /** `DOWN` is answered with 503. */
  readonly state: 'UP' | 'DEGRADED' | 'DOWN'
  /** What is wrong, one sentence each. */
  readonly reasons: readonly string[]
}

export interface Observation {
  /** `http://127.0.0.1:8083`; undefined = nobody listens. */
  readonly url: string | undefined
  close(): Promise<void>
}
