import type { ConnectError, EncodedRecords } from '../../api/index.ts'
import type { ProducedPartition } from '../protocol/produce.ts'
import { stampBatch } from '../record-batch/index.ts'
import { joinNeighbours } from './join-policy.ts'
import type { ProducerIdentity } from './producer-identity.ts'

/** How many batches of one partition an idempotent producer may have under way: as many as a broker remembers. */
export const MAX_IN_FLIGHT = 5
const SEQUENCES = 2 ** 31

/** A part handed to the writer, until all its records are acknowledged. */
export interface PendingPart {
  readonly records: EncodedRecords
  readonly token: unknown
  /** Replaced by a copy when the lane stalls, so that the fetch response it lies in can be freed. */
  bytes: Buffer
  acknowledged: number
  /** Records that the target does not take and that need not be written; they count as acknowledged. */
  leftOut: number
  /** -1 = unknown, or the records do not lie together. */
  baseOffset: number
}

/** Records of one part within a batch to send. */
export interface Slice {
  readonly part: PendingPart
  /** Index within the part of the slice's first record. */
  readonly from: number
  readonly count: number
}

/** One batch as it is produced. Its bytes and sequence stay the same over all attempts. */
export interface SendBatch {
  readonly lane: Lane
  bytes: Buffer
  readonly count: number
  readonly slices: readonly Slice[]
  /** -1 = not yet assigned. */
  baseSequence: number
}

/**
 * The queue of one target partition. Batches leave it in order, at most five at a time; after a failure the unacknowledged ones go
 * back to its front, in order, under the sequences they had.
 *
 * `flowing → stalled` (a batch failed; nothing is sent until all in flight have been answered and the writer resumes it) `→ flowing`;
 * `failed` for good.
 */
export class Lane {
  readonly topic: string
  readonly partition: number
  state: 'flowing' | 'stalled' | 'failed' = 'flowing'
  /** Leader to send to; -1 = to be found out. */
  leaderId = -1
  /** Whether `laneState('retrying')` was reported and not yet taken back. */
  reported = false
  failure: ConnectError | null = null
  /** The first failure since the lane last flowed. */
  trouble: { readonly batch: SendBatch; readonly error: ConnectError; readonly result: ProducedPartition | null } | null = null
  readonly inFlight: SendBatch[] = []
  /** Of each batch to send next, given back after a failure: already sequenced. */
  #returned: SendBatch[] = []
  #queue: PendingPart[] = []
  #head = 0
  #identity: ProducerIdentity
  #nextSequence = 0
  /** Whether the broker has taken a batch under our identity, and so refuses those that skip a sequence. */
  #isKnown = false
  /** Joined batches were refused as too large: join no more. */
  #mayJoin = true

  constructor(topic: string, partition: number, identity: ProducerIdentity) {
    this.topic = topic
    this.partition = partition
    this.#identity = identity
  }

  get hasWork(): boolean {
    return this.#returned.length > 0 || this.#head < this.#queue.length
  }

  /** One at a time until the broker knows us: it takes any sequence for the first, so a later batch would overtake a refused one. */
  get canSend(): boolean {
    return this.state === 'flowing' && this.inFlight.length < (this.#isKnown ? MAX_IN_FLIGHT : 1) && this.hasWork
  }

  /** The broker took a batch. */
  acknowledged(): void {
    this.#isKnown = true
  }

  push(part: PendingPart): void {
    this.#queue.push(part)
  }

  /** The next batch, sequenced and stamped, now in flight. */
  take(): SendBatch {
    const batch = this.#returned.shift() ?? this.#next()
    if (batch.baseSequence < 0) this.#sequence(batch)
    this.inFlight.push(batch)
    return batch
  }

  #sequence(batch: SendBatch): void {
    batch.baseSequence = this.#nextSequence
    this.#nextSequence = (this.#nextSequence + batch.count) % SEQUENCES
    this.#stamp(batch)
  }

  #stamp(batch: SendBatch): void {
    stampBatch(batch.bytes, { ...this.#identity, baseSequence: batch.baseSequence })
  }

  #next(): SendBatch {
    const first = this.#queue[this.#head] as PendingPart
    const joined = this.#mayJoin ? joinNeighbours(this.#queue, this.#head) : null
    const parts = joined === null ? [first] : this.#queue.slice(this.#head, this.#head + joined.parts)
    this.#head += parts.length
    this.#compact()
    let count = 0
    for (const part of parts) count += part.records.count
    return {
      lane: this,
      bytes: joined === null ? first.bytes : joined.bytes,
      count,
      slices: parts.map(part => ({ part, from: 0, count: part.records.count })),
      baseSequence: -1,
    }
  }

  #compact(): void {
    if (this.#head === this.#queue.length) {
      this.#queue.length = 0
      this.#head = 0
    } else if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** Takes a batch out of flight. */
  landed(batch: SendBatch): void {
    const index = this.inFlight.indexOf(batch)
    if (index >= 0) this.inFlight.splice(index, 1)
  }

  /** Puts batches back to be sent again. They were in flight in this order of their sequences, so sorting restores it. */
  giveBack(batches: readonly SendBatch[]): void {
    const reference = this.#returned[0]?.baseSequence ?? batches[0]?.baseSequence ?? 0
    const distance = (batch: SendBatch): number => {
      const ahead = (batch.baseSequence - reference + SEQUENCES) % SEQUENCES
      return ahead > SEQUENCES / 2 ? ahead - SEQUENCES : ahead
    }
    this.#returned = [...this.#returned, ...batches].sort((a, b) => distance(a) - distance(b))
  }

  /** Puts smaller batches in the place of one that was given back. */
  replace(batch: SendBatch, pieces: readonly SendBatch[]): void {
    this.#returned = this.#returned.flatMap(returned => (returned === batch ? pieces : [returned]))
    for (const piece of pieces) this.#stamp(piece)
  }

  /** Drops a batch that was given back, while nothing is in flight: those behind it take its sequences, which the broker still expects. */
  leaveOut(batch: SendBatch): void {
    const at = this.#returned.indexOf(batch)
    const [, ...behind] = this.#returned.splice(at)
    this.#nextSequence = batch.baseSequence
    for (const later of behind) this.#sequence(later)
    this.#returned.push(...behind)
  }

  /** Starts over under another identity: the broker has lost, or never had, the state that the sequences continue. */
  renew(identity: ProducerIdentity): void {
    this.#identity = identity
    this.#isKnown = false
    this.#nextSequence = 0
    for (const batch of this.#returned) this.#sequence(batch)
  }

  noMoreJoins(): void {
    this.#mayJoin = false
  }

  /** Copies what waits, so that stalled bytes hold no more memory than their own. */
  detach(): void {
    for (let i = this.#head; i < this.#queue.length; i++) {
      const part = this.#queue[i] as PendingPart
      part.records.detach?.()
      part.bytes = part.records.bytes
    }
    for (const batch of this.#returned) {
      for (const { part } of batch.slices) {
        part.records.detach?.()
        if (batch.bytes === part.bytes) batch.bytes = part.records.bytes
        part.bytes = part.records.bytes
      }
    }
  }

  /** Gives up for good; returns every part that is not fully acknowledged, in order. */
  fail(error: ConnectError): PendingPart[] {
    this.state = 'failed'
    this.failure = error
    const parts = new Set<PendingPart>()
    for (const batch of [...this.inFlight, ...this.#returned]) for (const { part } of batch.slices) parts.add(part)
    for (let i = this.#head; i < this.#queue.length; i++) parts.add(this.#queue[i] as PendingPart)
    this.inFlight.length = 0
    this.#returned = []
    this.#queue.length = 0
    this.#head = 0
    return [...parts]
  }
}
