import { AbortedFilter } from '../record-batch/index.ts'

/** Where to begin reading a partition. */
export interface StartPosition {
  readonly topic: string
  readonly partition: number
  /** Of the next record to read. */
  readonly offset: number
  /** Of the topic that the offset belongs to; absent = not known: whatever topic has the name now. */
  readonly topicId?: string
  /** Leader epoch of the record before `offset`; absent = not known. */
  readonly leaderEpoch?: number
}

interface EpochStart {
  readonly epoch: number
  readonly offset: number
}

/** One topic partition being read: its position and what the last response said about its log. */
export class ReadPartition {
  readonly topic: string
  readonly partition: number
  /** 32 hexadecimal digits; null until known. */
  topicId: string | null
  /** Of the next record to read. */
  offset: number
  /** Leader epoch of the last record read; -1 = not known. */
  lastEpoch: number
  /** The broker it is read from: its leader, or a replica nearer to us. -1 = nobody reads it: its leader is being looked for, its position is being settled, it failed or was removed. */
  leaderId = -1
  leaderEpoch = -1
  paused = false
  removed = false
  /** Whether trouble was reported and not yet taken back. */
  reported = false
  /** First offset not yet replicated to all in-sync replicas; -1 until the first response. */
  highWatermark = -1
  /** First offset not yet decided upon by its transaction; -1 until the first response. */
  lastStableOffset = -1
  logStartOffset = -1
  aborted = new AbortedFilter()
  #epochs: EpochStart[] = []

  constructor(start: StartPosition) {
    this.topic = start.topic
    this.partition = start.partition
    this.topicId = start.topicId ?? null
    this.offset = start.offset
    this.lastEpoch = start.leaderEpoch ?? -1
  }

  get name(): string {
    return `${this.topic}-${this.partition}`
  }

  /** Moves past a batch that was read. */
  advance(nextOffset: number, baseOffset: number, epoch: number): void {
    this.offset = nextOffset
    if (epoch === this.lastEpoch) return
    this.lastEpoch = epoch
    this.#epochs.push({ epoch, offset: baseOffset })
    if (this.#epochs.length > 64) this.#epochs.shift()
  }

  /** Jumps, forgetting all that was known of the place before. */
  seek(offset: number): void {
    this.offset = offset
    this.lastEpoch = -1
    this.#epochs = []
    this.aborted = new AbortedFilter()
  }

  /** Its log is another one now, of which nothing is known yet. */
  forgetLog(): void {
    this.highWatermark = -1
    this.lastStableOffset = -1
    this.logStartOffset = -1
  }

  /**
   * Up to where what was read is still in a log that holds `epoch` up to `endOffset` and then differs: not beyond the place where we
   * ourselves began to read a later epoch.
   */
  commonEnd(epoch: number, endOffset: number): number {
    const laterStart = this.#epochs.find(start => start.epoch > epoch)?.offset ?? this.offset
    return Math.min(endOffset, laterStart, this.offset)
  }
}
