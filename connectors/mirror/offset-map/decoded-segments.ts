import type { PackedSegment } from './packed-segment.ts'
import type { RunSegment } from './run-segment.ts'

/** 384 KB. */
const CAPACITY = 128

/** The segments that were asked for last, decoded. */
export class DecodedSegments {
  readonly #segments = new Map<PackedSegment, RunSegment>()

  /** Not to be changed. */
  get(packed: PackedSegment): RunSegment {
    const present = this.#segments.get(packed)
    if (present !== undefined) this.#segments.delete(packed)
    const decoded = present ?? packed.runs
    this.#segments.set(packed, decoded)
    if (this.#segments.size > CAPACITY) this.#segments.delete(this.#segments.keys().next().value!)
    return decoded
  }

  get byteLength(): number {
    return this.#segments.values().reduce((sum, { byteLength }) => sum + byteLength, 0)
  }
}
