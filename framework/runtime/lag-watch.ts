import type { Subscription } from 'rxjs'
import type { Logger } from '../api/index.ts'
import { periodically } from '../flow/index.ts'
import type { LogSpan } from '../kafka/reader/log-spans.ts'
import { messageOf } from './errors.ts'
import type { PartitionEntry } from './partition-entry.ts'

const LOOK_MS = 1_000
/** A task that has had no acknowledgement for so long while records wait may read nothing. */
const QUIET_MS = 1_000

export interface LagWatchOptions {
  readonly entries: () => readonly PartitionEntry[]
  /** Asked once a look. Which are being read: not those whose task does not run, or whose reading is held. */
  readonly reading: () => (entry: PartitionEntry) => boolean
  /** Of the source's logs, in the order of the partitions. */
  readonly spans: (partitions: readonly PartitionEntry['partition'][]) => Promise<readonly LogSpan[]>
  readonly logger: Logger
  /** Told how asking goes. */
  readonly health?: { succeeded(): void; failed(error: unknown, message: string): void }
}

/**
 * Keeps the lag true while nothing is read: the window is full, a partition has failed or is tried again, a whole task or target is away. It is
 * then at most about two seconds old. Where records flow, the responses that bring them say where the logs end, and nothing is asked for.
 */
export class LagWatch {
  readonly #options: LagWatchOptions
  #subscription: Subscription | undefined

  constructor(options: LagWatchOptions) {
    this.#options = options
  }

  start(): void {
    const { logger, health } = this.#options
    const report = (error: unknown): void => {
      const message = `The ends of the logs of the source are not known, so the lag is not: ${messageOf(error)}`
      logger.debug({ error }, message)
      health?.failed(error, message)
    }
    this.#subscription = periodically(() => this.#look(), { everyMs: LOOK_MS, report }).subscribe({ error: report })
  }

  stop(): void {
    this.#subscription?.unsubscribe()
  }

  async #look(): Promise<void> {
    const unseen = this.#unseen()
    if (unseen.length > 0) await this.#ask(unseen)
    this.#options.health?.succeeded()
  }

  async #ask(unseen: readonly PartitionEntry[]): Promise<void> {
    const from = unseen.map(({ lagFrom }) => lagFrom)
    const spans = await this.#options.spans(unseen.map(({ partition }) => partition))
    for (const [i, entry] of unseen.entries()) {
      const { start, end } = spans[i] ?? { start: -1, end: -1 }
      // What has been read meanwhile knows better.
      if (entry.lagFrom === from[i]) entry.logSpans(start, end)
    }
  }

  #unseen(): readonly PartitionEntry[] {
    const { entries, reading } = this.#options
    const isRead = reading()
    const byTask = Map.groupBy(entries(), ({ owner }) => owner)
    const unseen: PartitionEntry[] = []
    for (const [task, of] of byTask) {
      const isStill = task === undefined || isQuiet(of)
      unseen.push(...of.filter(entry => entry.lagFrom >= 0 && (isStill || isUnheard(entry) || !isRead(entry))))
    }
    return unseen
  }
}

function isQuiet(entries: readonly PartitionEntry[]): boolean {
  const latest = entries.reduce((max, { lastAckMs }) => Math.max(max, lastAckMs), 0)
  return Date.now() - latest > QUIET_MS && entries.some(({ lagRecords }) => lagRecords > 0)
}

function isUnheard({ state, lagRecords }: PartitionEntry): boolean {
  return lagRecords < 0 || state === 'RETRYING' || state === 'FAILED'
}
