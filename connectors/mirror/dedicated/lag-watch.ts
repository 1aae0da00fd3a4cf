import type { Subscription } from 'rxjs'
import type { Logger } from '../../../framework/api/index.ts'
import { periodically } from '../../../framework/flow/index.ts'
import { messageOf, type PartitionEntry } from '../../../framework/runtime/index.ts'
import type { RunReporter } from '../observe/run-health.ts'

const LOOK_MS = 4_000
/** Without an acknowledgement for so long while records wait, responses of the source may be missing too. */
const QUIET_MS = 3_000

export interface LagWatchOptions {
  /** Partitions that are copied here, or were until their target went away. */
  readonly entries: () => readonly PartitionEntry[]
  readonly isCopying: () => boolean
  /** Ends of the source's logs, in the order of the partitions; -1 = not known at present. */
  readonly ends: (partitions: readonly PartitionEntry['partition'][]) => Promise<readonly number[]>
  readonly logger: Logger
  /** Told how asking goes. */
  readonly health: RunReporter
}

/**
 * Keeps the lag true while nothing is read: the window is full, the target of a partition takes nothing, or the whole target is away. Where
 * records flow, the responses that bring them say where the logs end, and nothing is asked for.
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
      health.failed(error, message)
    }
    this.#subscription = periodically(() => this.#look(), { everyMs: LOOK_MS, report }).subscribe({ error: report })
  }

  stop(): void {
    this.#subscription?.unsubscribe()
  }

  async #look(): Promise<void> {
    const unseen = this.#unseen()
    if (unseen.length > 0) await this.#ask(unseen)
    this.#options.health.succeeded()
  }

  async #ask(unseen: readonly PartitionEntry[]): Promise<void> {
    const ends = await this.#options.ends(unseen.map(({ partition }) => partition))
    for (const [i, entry] of unseen.entries()) if ((ends[i] ?? -1) >= 0) entry.endsAt(ends[i]!)
  }

  #unseen(): readonly PartitionEntry[] {
    const entries = this.#options.entries()
    if (!this.#options.isCopying()) return entries
    const latest = Math.max(0, ...entries.map(({ lastAckMs }) => lastAckMs))
    const isStill = Date.now() - latest > QUIET_MS && entries.some(({ lagRecords }) => lagRecords > 0)
    return isStill ? entries : entries.filter(({ state }) => state === 'RETRYING')
  }
}
