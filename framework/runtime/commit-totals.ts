import { LatencyHistogram, Windowed } from '../telemetry/metrics/index.ts'

/** Told of a commit's end, with the error of one that failed. */
type Ended = (error?: Error) => void

/** Commits of one task's offsets that had something to store, in all its runs. */
export class CommitTotals {
  completed = 0
  failed = 0
  /** Milliseconds, failed ones included. */
  readonly time = new Windowed()
  readonly latency = new LatencyHistogram()
  /** 1 for one that succeeded, 0 for one that did not: the average is their share. */
  readonly outcomes = new Windowed()

  /** One begins. @param also told of the same end */
  begun(also: Ended | undefined): Ended {
    const startedAt = performance.now()
    return error => {
      const now = performance.now()
      const outcome = error === undefined ? 1 : 0
      if (error === undefined) this.completed++
      else this.failed++
      this.time.record(now - startedAt, now - startedAt, now)
      this.latency.record(now - startedAt)
      this.outcomes.record(outcome, outcome, now)
      also?.(error)
    }
  }
}
