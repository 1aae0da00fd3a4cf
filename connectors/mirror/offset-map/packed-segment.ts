import { type RunSegment, UNKNOWN } from './run-segment.ts'
import { decodeSegment, type StoredSegment } from './segment-format.ts'

/** A segment as it is stored, 3 to 6 bytes a run, with what is asked for without decoding it. */
export class PackedSegment {
  readonly number: number
  readonly topicId: string | null
  /** As of `Segments`. */
  readonly firstStart: number
  /** As of `Segments`. */
  readonly firstTarget: number
  /** What comes behind it starts here or later. */
  readonly #sourceEnd: number
  readonly #targetEnd: number
  /** A character a byte: a typed array of this size would need 180 bytes more. */
  readonly #bytes: string

  /** @param value `stored` was decoded from it; not kept */
  constructor(value: Uint8Array, { runs, topicId }: StoredSegment) {
    this.number = runs.number
    this.topicId = topicId
    this.firstStart = runs.start(0)
    this.firstTarget = runs.firstTarget
    this.#sourceEnd = runs.sourceEnd
    this.#targetEnd = runs.targetEnd
    this.#bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
  }

  get byteLength(): number {
    return this.#bytes.length
  }

  get runs(): RunSegment {
    return this.#decoded.runs
  }

  /** Source offset below which everything is accounted for if no segment comes behind it. */
  get coveredEnd(): number {
    return Math.max(this.#decoded.coveredEnd, this.#sourceEnd)
  }

  /** Whether it goes on where this one ends. One that holds nothing but an unknown entry says nothing of its target. */
  isFollowedBy(next: PackedSegment): boolean {
    if (next.number !== this.number + 1 || next.topicId !== this.topicId || next.firstStart < this.#sourceEnd) return false
    return next.firstTarget === UNKNOWN || next.firstTarget >= this.#targetEnd
  }

  get #decoded(): StoredSegment {
    return decodeSegment(this.number, { key: null, value: Buffer.from(this.#bytes, 'latin1'), partition: 0, offset: -1 })
  }
}
