import type { PackedSegment } from './packed-segment.ts'
import type { RunSegment } from './run-segment.ts'

/** 384 KB. */
const CAPACITY = 128

/** The segments that were asked for last, decoded. */
export class DecodedSegments {
  readonly #segments = new Map<PackedSegment, RunSegment>()
  #last: { readonly packed: PackedSegment; readonly runs: RunSegment } | null = null

  /** Not to be changed. */
  get(packed: PackedSegment): RunSegment {
    if (this.#last?.packed === packed) return this.#last.runs
    const runs = this.#segments.get(packed) ?? packed.runs
    this.#segments.delete(packed)
    this.#segments.set(packed, runs)
    if (this.#segments.size > CAPACITY) this.#segments.delete(this.#segments.keys().next().value!)
    this.#last = { packed, runs }
    return runs
  }

  get byteLength(): number {
    return this.#segments.values().reduce((sum, { byteLength }) => sum + byteLength, 0)
  }
}
