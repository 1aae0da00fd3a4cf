import { NO_UUID } from '../protocol/codec.ts'
import type { FetchedPartition, FetchPartition, FetchRequest } from '../protocol/fetch.ts'
import type { ReadPartition } from './partition.ts'
import type { ReaderSettings } from './settings.ts'

interface Sent {
  readonly topic: string
  readonly topicId: string
  readonly offset: number
  readonly leaderEpoch: number
}

/**
 * A fetch session (KIP-227) with one broker: after the first, full request only what changed is sent, and only what has news comes back.
 * One request at a time.
 */
export class FetchSession {
  readonly #settings: ReaderSettings
  /** What the broker was last told of each partition of the session. */
  readonly #sent = new Map<ReadPartition, Sent>()
  readonly #byTopic = new Map<string, ReadPartition[]>()
  readonly #dirty = new Set<ReadPartition>()
  #id = 0
  #epoch = 0
  #byId = false

  constructor(settings: ReaderSettings) {
    this.#settings = settings
  }

  /** The partition's position, pause or leader changed: see to it with the next request. */
  touch(partition: ReadPartition): void {
    this.#dirty.add(partition)
  }

  get byId(): boolean {
    return this.#byId
  }

  /** Partitions that the broker has been asked for. */
  get size(): number {
    return this.#sent.size
  }

  /** Begins anew, with all partitions, at the next request. */
  reset(): void {
    for (const partition of this.#sent.keys()) this.#dirty.add(partition)
    this.#sent.clear()
    this.#byTopic.clear()
    this.#id = 0
    this.#epoch = 0
  }

  /**
   * The next request, or null when there is nothing to ask for.
   * @param wanted whether this broker is to be asked for a partition.
   */
  next(byId: boolean, wanted: (partition: ReadPartition) => boolean): FetchRequest | null {
    if (byId !== this.#byId || this.#id === 0) this.reset()
    this.#byId = byId
    const partitions: FetchPartition[] = []
    const forgotten: FetchPartition[] = []
    for (const partition of this.#dirty) {
      const before = this.#sent.get(partition)
      if (before !== undefined && (!wanted(partition) || before.topicId !== (partition.topicId ?? NO_UUID))) {
        forgotten.push({ ...asked(partition), topicId: before.topicId })
        this.#forget(partition, before)
      }
      if (!wanted(partition)) continue
      const ask = asked(partition)
      partitions.push(ask)
      this.#remember(partition, ask)
    }
    this.#dirty.clear()
    if (this.#sent.size === 0) {
      this.reset()
      return null
    }
    partitions.sort(byTopicThenPartition)
    const { maxWaitMs, minBytes, maxBytes, partitionMaxBytes, isolation, rack } = this.#settings
    return {
      byId,
      maxWaitMs,
      minBytes,
      maxBytes,
      partitionMaxBytes,
      readCommitted: isolation === 'read_committed',
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      partitions,
      forgotten: this.#epoch === 0 ? [] : forgotten.sort(byTopicThenPartition),
      rack,
    }
  }

  /** The broker accepted the request; id 0 = it keeps no session, so the next request is full again. */
  accepted(sessionId: number): void {
    this.#id = sessionId
    this.#epoch = sessionId === 0 ? 0 : this.#epoch === 0x7fffffff ? 1 : this.#epoch + 1
  }

  /** Whose response this is; undefined when the partition has been removed, or moved to another position, since the request. */
  partitionOf(fetched: FetchedPartition): ReadPartition | undefined {
    const partition = this.#byTopic.get(fetched.topic)?.[fetched.partition]
    if (partition === undefined) return undefined
    return this.#isAsAsked(partition, this.#sent.get(partition)) ? partition : undefined
  }

  /** Those that the last request asked for and that have not moved since: of what its response does not name, nothing has changed. */
  *unmoved(): Iterable<ReadPartition> {
    for (const [partition, sent] of this.#sent) if (this.#isAsAsked(partition, sent)) yield partition
  }

  #isAsAsked(partition: ReadPartition, sent: Sent | undefined): boolean {
    return sent !== undefined && sent.offset === partition.offset && sent.leaderEpoch === partition.leaderEpoch
  }

  #key(sent: Sent): string {
    return this.#byId ? sent.topicId : sent.topic
  }

  #remember(partition: ReadPartition, ask: FetchPartition): void {
    const sent = { topic: ask.topic, topicId: ask.topicId, offset: ask.fetchOffset, leaderEpoch: ask.currentLeaderEpoch }
    this.#sent.set(partition, sent)
    const key = this.#key(sent)
    const partitions = this.#byTopic.get(key)
    if (partitions !== undefined) partitions[partition.partition] = partition
    else {
      const first: ReadPartition[] = []
      first[partition.partition] = partition
      this.#byTopic.set(key, first)
    }
  }

  #forget(partition: ReadPartition, sent: Sent): void {
    this.#sent.delete(partition)
    delete this.#byTopic.get(this.#key(sent))?.[partition.partition]
  }
}

const asked = (partition: ReadPartition): FetchPartition => ({
  topic: partition.topic,
  topicId: partition.topicId ?? NO_UUID,
  partition: partition.partition,
  currentLeaderEpoch: partition.leaderEpoch,
  fetchOffset: partition.offset,
  lastFetchedEpoch: partition.lastEpoch,
})

const byTopicThenPartition = (a: FetchPartition, b: FetchPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
