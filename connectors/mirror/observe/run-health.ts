import { messageOf } from '../../../framework/runtime/index.ts'
import type { NewEvent } from '../../../framework/runtime/status-report/index.ts'
import type { RunName } from '../../../framework/telemetry/index.ts'

/** Whatever a flow does again and again beside copying. */
export type MirrorRun =
  | RunName
  | 'creating offset topics'
  | 'writing offset syncs'
  | 'writing the offset map'
  | 'reading the offset map'
  | 'reading offset syncs'
  | 'reading earlier checkpoints'
  | 'writing checkpoints'
  | 'writing heartbeats'
  | 'asking where logs end'

/** What events call them. */
const KINDS: Readonly<Record<MirrorRun, string>> = {
  'refreshing topics': 'topics',
  'bringing topic settings in step': 'topic-settings',
  'copying topic ACLs': 'topic-acls',
  'checkpoint round': 'checkpoints',
  'syncing groups': 'group-sync',
  'creating offset topics': 'offset-topics',
  'writing offset syncs': 'offset-syncs',
  'writing the offset map': 'offset-map',
  'reading the offset map': 'offset-map',
  'reading offset syncs': 'offset-syncs',
  'reading earlier checkpoints': 'checkpoints',
  'writing checkpoints': 'checkpoints',
  'writing heartbeats': 'heartbeats',
  'asking where logs end': 'log-ends',
}

/** A run that goes wrong at present. */
export interface FailingRun {
  readonly run: MirrorRun
  /** Since it first did, milliseconds since the epoch. */
  readonly sinceMs: number
  /** Runs in a row. */
  readonly consecutive: number
  /** Why the last one did. */
  readonly cause: string
}

export interface RunCounts {
  readonly run: MirrorRun
  /** Runs that went wrong, ever. */
  readonly failures: number
  readonly isFailing: boolean
  /** Milliseconds since the epoch; 0 = never. */
  readonly lastSuccessMs: number
  readonly lastFailureMs: number
}

/** Told how the runs of one who does them go. */
export interface RunReporter {
  succeeded(): void
  /** Did not do all it should, for these reasons: none = it did. */
  ended(failures: readonly string[]): void
  /** @param message instead of the error's own */
  failed(error: unknown, message?: string): void
  /** There will be no more: what was wrong is not known any more. */
  close(): void
}

/** How the runs of a flow go: what fails stays visible until it succeeds. */
export class RunHealth {
  readonly #told: (event: NewEvent) => void
  readonly #counts = new Map<MirrorRun, Counts>()
  readonly #failing = new Map<string, Mutable<FailingRun>>()

  /** @param told of each failure, and of the first success after one */
  constructor(told: (event: NewEvent) => void) {
    this.#told = told
  }

  /** @param who does it, where several do: what one fails at, another's success does not mend */
  reporter(run: MirrorRun, who = ''): RunReporter {
    const key = `${run} ${who}`
    return {
      succeeded: () => this.#succeeded(run, key),
      ended: failures => (failures.length === 0 ? this.#succeeded(run, key) : this.#failed(run, key, joined(failures))),
      failed: (error, message = messageOf(error)) => this.#failed(run, key, message, codeOf(error)),
      close: () => void this.#failing.delete(key),
    }
  }

  /** Nothing of it is done here any more: what was wrong is not known. */
  stopped(): void {
    this.#failing.clear()
  }

  /** Those that failed first first. */
  failing(): readonly FailingRun[] {
    return [...this.#failing.values()]
  }

  /** Of all that ever ran. */
  counts(): readonly RunCounts[] {
    const failing = new Set([...this.#failing.values()].map(({ run }) => run))
    return [...this.#counts].map(([run, counts]) => ({ run, ...counts, isFailing: failing.has(run) }))
  }

  #succeeded(run: MirrorRun, key: string): void {
    this.#countsOf(run).lastSuccessMs = Date.now()
    const before = this.#failing.get(key)
    if (before === undefined) return
    this.#failing.delete(key)
    const times = before.consecutive === 1 ? 'failure' : 'failures'
    this.#told({ severity: 'ok', kind: KINDS[run], message: `${run}: all is well again, after ${before.consecutive} ${times}` })
  }

  #failed(run: MirrorRun, key: string, cause: string, code?: string): void {
    const counts = this.#countsOf(run)
    counts.failures++
    counts.lastFailureMs = Date.now()
    const before = this.#failing.get(key)
    if (before === undefined) this.#failing.set(key, { run, sinceMs: Date.now(), consecutive: 1, cause })
    else {
      before.consecutive++
      before.cause = cause
    }
    this.#told({ severity: 'warning', kind: KINDS[run], message: `${run}: ${cause}`, ...(code !== undefined && { code }) })
  }

  #countsOf(run: MirrorRun): Counts {
    let counts = this.#counts.get(run)
    if (counts === undefined) {
      counts = { failures: 0, lastSuccessMs: 0, lastFailureMs: 0 }
      this.#counts.set(run, counts)
    }
    return counts
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Counts = Mutable<Pick<RunCounts, 'failures' | 'lastSuccessMs' | 'lastFailureMs'>>

function joined([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} (and ${more.length} more)`
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
