import type { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'

/** Numbers in [0, 1), the same ones for the same seed (Mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A source partition with holes and its copy, remembered record by record. */
export class CopiedLog {
  /** Source offset to target offset of its last copy. */
  readonly placed = new Map<number, number>()
  readonly #random: () => number
  readonly #othersWrite: boolean
  readonly #records: boolean[] = []
  targetEnd: number
  /** Of the next source offset to be read. */
  position: number

  /** @param othersWrite records of others come between the copies */
  constructor(random: () => number, othersWrite = true) {
    this.#random = random
    this.#othersWrite = othersWrite
    this.position = this.below(20)
    this.targetEnd = this.below(20)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  isRecord(source: number): boolean {
    while (this.#records.length <= source) this.#records.push(this.#random() < 0.8)
    return this.#records[source]!
  }

  /** A new session reads on from here: what it copies again takes the place of what was copied before. */
  restart(position: number): void {
    this.position = position
    for (const source of this.placed.keys()) if (source >= position) this.placed.delete(source)
  }

  /** Copies what lies in the next source offsets, in parts, as a task is told of it; others write between. */
  copy(runs: PartitionRuns, length: number, unplacedRatio = 0.1): void {
    const end = this.position + length
    while (this.position < end) {
      if (this.below(12) === 0 && this.#othersWrite) this.targetEnd += 1 + this.below(3)
      const isUnplaced = this.#random() < unplacedRatio
      let count = 0
      const start = this.position
      while (this.position < end && count < 6 && this.isRecord(this.position)) {
        this.placed.set(this.position++, this.targetEnd + count++)
      }
      if (count > 0 && isUnplaced) runs.appendUnplaced(start, count)
      else if (count > 0) runs.append(start, count, this.targetEnd)
      this.targetEnd += count
      while (this.position < end && !this.isRecord(this.position)) this.position++
      runs.cover(this.position)
    }
  }

  /** The target loses its last records, and the map learns of it by the next one. */
  truncateTarget(runs: PartitionRuns): void {
    this.targetEnd = Math.max(0, this.targetEnd - this.below(10))
    for (const [source, target] of this.placed) if (target >= this.targetEnd) this.placed.delete(source)
    while (!this.isRecord(this.position)) this.position++
    this.copy(runs, 1, 0)
  }

  /** Between which target offsets, both included, one may go on without reading anything twice or leaving anything out. */
  bounds(source: number): { readonly from: number; readonly to: number } {
    let from = 0
    let to = Number.POSITIVE_INFINITY
    for (const [copied, target] of this.placed) {
      if (copied < source) from = Math.max(from, target + 1)
      else to = Math.min(to, target)
    }
    return { from, to }
  }
}
