import type { OffsetSync } from '../formats/index.ts'
import type { PartitionSyncs } from './partition-syncs.ts'

interface Waiting {
  upstream: number
  downstream: number
  session: number
  /** Whether it is in the list: a place is taken once, however often it is filled anew. */
  isListed: boolean
}

/** What waits to be stored, at most two pairs per partition: one that is due, and a newer one that is due at the next commit. */
export class SyncQueue {
  readonly #pending = new Waitlist()
  readonly #delayed = new Waitlist()

  /** A run of records was copied; arguments as of `PartitionSyncs.update`. */
  add(partition: PartitionSyncs, upstream: number, downstream: number, count = 1): void {
    const isDue = partition.update(upstream, downstream, count)
    if (isDue) {
      this.#delayed.remove(partition)
      this.#pending.put(partition, upstream + count - 1, downstream + count - 1)
      partition.reset()
    } else this.#delayed.put(partition, upstream + count - 1, downstream + count - 1)
  }

  get hasPending(): boolean {
    return this.#pending.size > 0
  }

  /** In the order in which their partitions began to wait. */
  get pending(): readonly OffsetSync[] {
    return this.#pending.list().map(([partition, waiting]) => syncOf(partition, waiting))
  }

  get delayed(): readonly OffsetSync[] {
    return this.#delayed.list().map(([partition, waiting]) => syncOf(partition, waiting))
  }

  /** What was not worth storing for itself is due now. */
  promoteDelayed(): void {
    for (const [partition, { upstream, downstream, session }] of this.#delayed.take()) {
      this.#pending.put(partition, upstream, downstream, session)
    }
  }

  /** All that is due; it waits no more. */
  takePending(): readonly PendingSync[] {
    return this.#pending.take().map(([partition, waiting]) => ({ partition, sync: syncOf(partition, waiting) }))
  }

  /** What could not be stored waits again, unless there is newer by now. */
  giveBack(syncs: readonly PendingSync[]): void {
    for (const { partition, sync } of syncs) {
      const { upstreamOffset, downstreamOffset, session } = sync
      if (!this.#pending.has(partition)) this.#pending.put(partition, upstreamOffset, downstreamOffset, session)
    }
  }
}

export interface PendingSync {
  readonly partition: PartitionSyncs
  readonly sync: OffsetSync
}

/** One pair per partition: the newest. Nothing is allocated where a partition is known. */
class Waitlist {
  readonly #waiting = new Map<PartitionSyncs, Waiting>()
  #order: PartitionSyncs[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  has(partition: PartitionSyncs): boolean {
    return (this.#waiting.get(partition)?.upstream ?? -1) >= 0
  }

  put(partition: PartitionSyncs, upstream: number, downstream: number, session = partition.session): void {
    let waiting = this.#waiting.get(partition)
    if (waiting === undefined) {
      waiting = { upstream: -1, downstream: -1, session: 0, isListed: false }
      this.#waiting.set(partition, waiting)
    }
    if (waiting.upstream < 0) this.#size++
    if (!waiting.isListed) this.#order.push(partition)
    waiting.isListed = true
    waiting.upstream = upstream
    waiting.downstream = downstream
    waiting.session = session
  }

  remove(partition: PartitionSyncs): void {
    const waiting = this.#waiting.get(partition)
    if (waiting === undefined || waiting.upstream < 0) return
    waiting.upstream = -1
    this.#size--
  }

  list(): (readonly [PartitionSyncs, Readonly<Waiting>])[] {
    return this.#order.flatMap(partition => {
      const waiting = this.#waiting.get(partition)
      return waiting === undefined || waiting.upstream < 0 ? [] : [[partition, { ...waiting }] as const]
    })
  }

  take(): (readonly [PartitionSyncs, Readonly<Waiting>])[] {
    const taken = this.list()
    for (const partition of this.#order) {
      const waiting = this.#waiting.get(partition)
      if (waiting === undefined) continue
      waiting.upstream = -1
      waiting.isListed = false
    }
    this.#order = []
    this.#size = 0
    return taken
  }
}

const syncOf = ({ topic, partition }: PartitionSyncs, { upstream, downstream, session }: Readonly<Waiting>): OffsetSync => ({
  topic,
  partition,
  upstreamOffset: upstream,
  downstreamOffset: downstream,
  session,
})
