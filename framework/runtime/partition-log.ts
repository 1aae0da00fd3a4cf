import type { Logger, SourcePartition } from '../api/index.ts'
import { RateLimit } from '../flow/index.ts'
import { besideSpan } from '../telemetry/index.ts'
import type { PartitionEntry } from './partition-entry.ts'
import type { PartitionEvent } from './partition-events.ts'
import { partitionName } from './partition-name.ts'
import type { TaskPartitions } from './partition-registry.ts'

/** In an outage all partitions retry, thousands perhaps. */
const RETRYING = { burst: 5, perSecond: 1 / 30 }

/** Says that partitions make no progress, a few by name, beside the spans that tell of it; and when all of them do again. */
export class PartitionLog {
  readonly #logger: Logger
  readonly #taskId: string
  readonly #limit = new RateLimit(RETRYING)
  readonly #retrying = new Map<PartitionEntry, Set<string>>()
  #isSaid = false

  constructor(taskId: string, logger: Logger) {
    this.#taskId = taskId
    this.#logger = logger
  }

  /** The same partitions, whose retries are logged. */
  watching(partitions: TaskPartitions): TaskPartitions {
    return {
      totals: partitions.totals,
      entry: (partition: SourcePartition): PartitionEntry => {
        const entry = partitions.entry(partition)
        entry.events.logged = event => this.#tell(entry, event)
        return entry
      },
    }
  }

  #tell(entry: PartitionEntry, event: PartitionEvent): void {
    if (event.kind === 'retrying') this.#began(entry, event)
    else if (event.kind === 'flowing') this.#ended(entry, event)
    else if (event.kind === 'failed') this.#forget(entry)
  }

  #began(entry: PartitionEntry, { side = 'target', code, cause, span }: PartitionEvent): void {
    const sides = this.#retrying.get(entry) ?? new Set()
    this.#retrying.set(entry, sides.add(side))
    const skipped = this.#limit.refused
    const level = this.#limit.take() ? 'warn' : 'debug'
    if (level === 'warn') this.#limit.takeRefused()
    this.#isSaid ||= level === 'warn'
    const fields = { partition: entry.partition, side, code, retrying: this.#retrying.size, skipped }
    besideSpan(span, () =>
      this.#logger[level](fields, `Task ${this.#taskId}: ${partitionName(entry.partition)} makes no progress: ${cause}`),
    )
  }

  #ended(entry: PartitionEntry, { side = 'target' }: PartitionEvent): void {
    const sides = this.#retrying.get(entry)
    sides?.delete(side)
    if (sides?.size === 0) this.#forget(entry)
  }

  #forget(entry: PartitionEntry): void {
    if (!this.#retrying.delete(entry) || this.#retrying.size > 0 || !this.#isSaid) return
    this.#isSaid = false
    this.#logger.info({}, `Task ${this.#taskId}: no partition is retried any more`)
  }
}
