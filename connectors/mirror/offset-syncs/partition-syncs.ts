import { randomInt } from 'node:crypto'

/** No offset: nothing was seen, or nothing waits. */
const NONE = -1

/**
 * Decides for one partition when a pair of offsets is worth storing, as MirrorMaker 2's `OffsetSyncWriter.PartitionState` does, for runs
 * of records in place of single ones.
 */
export class PartitionSyncs {
  /** Name on the source. */
  readonly topic: string
  readonly partition: number
  readonly #maxOffsetLag: number
  #previousUpstream = NONE
  #previousDownstream = NONE
  #lastSyncDownstream = NONE
  #shouldSync = false
  #session = newSession()

  /** @param maxOffsetLag `offset.lag.max` */
  constructor(topic: string, partition: number, maxOffsetLag: number) {
    this.topic = topic
    this.partition = partition
    this.#maxOffsetLag = maxOffsetLag
  }

  /** Target offset of the newest pair that was found worth storing; -1 = none. */
  get lastSyncDownstream(): number {
    return this.#lastSyncDownstream
  }

  /**
   * A run of records was copied. True when its last pair is to be stored: the first record of all, a gap or a step back at the source,
   * a step back at the target, or a translation that would be `offset.lag.max` behind. Stays true until `reset`.
   * @param upstream source offset of the run's first record
   * @param downstream its target offset
   */
  update(upstream: number, downstream: number, count = 1): boolean {
    const last = downstream + count - 1
    if (
      this.#lastSyncDownstream === NONE ||
      last - (this.#lastSyncDownstream + 1) >= this.#maxOffsetLag ||
      upstream - this.#previousUpstream !== 1 ||
      downstream < this.#previousDownstream
    ) {
      this.#lastSyncDownstream = last
      this.#shouldSync = true
    }
    this.#previousUpstream = upstream + count - 1
    this.#previousDownstream = last
    return this.#shouldSync
  }

  reset(): void {
    this.#shouldSync = false
  }

  /** Of the pairs to come. */
  get session(): number {
    return this.#session
  }

  /** Reading begins, or begins again: what is copied from now on says nothing of what was copied before. */
  begin(): void {
    this.#session = newSession()
  }
}

/** No two are alike, whoever makes them. */
function newSession(): number {
  return randomInt(1, 2 ** 48 - 1)
}
