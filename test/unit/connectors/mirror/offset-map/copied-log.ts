import type { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'

/** A source partition with holes and its copy, remembered record by record. Offsets asked about are those of the next record to read. */
export class CopiedLog {
  /** Source offset to target offset of its last copy. */
  readonly placed = new Map<number, number>()
  readonly #random: () => number
  readonly #othersWrite: boolean
  readonly #records: boolean[] = []
  /** What the target holds: source offsets, null for records of others. */
  readonly #target: (number | null)[] = []
  /** Of the next source offset to be read. */
  position: number

  /** @param othersWrite records of others come between the copies */
  constructor(random: () => number, othersWrite = true) {
    this.#random = random
    this.#othersWrite = othersWrite
    this.position = this.below(20)
    this.#othersWriteSome(this.below(20))
  }

  get targetEnd(): number {
    return this.#target.length
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
      if (this.below(12) === 0 && this.#othersWrite) this.#othersWriteSome(1 + this.below(3))
      const isUnplaced = this.#random() < unplacedRatio
      const [start, target] = [this.position, this.targetEnd]
      while (this.position < end && this.position < start + 6 && this.isRecord(this.position)) {
        this.placed.set(this.position, this.targetEnd)
        this.#target.push(this.position++)
      }
      const count = this.position - start
      if (count > 0 && isUnplaced) runs.appendUnplaced(start, count)
      else if (count > 0) runs.append(start, count, target)
      while (this.position < end && !this.isRecord(this.position)) this.position++
      runs.cover(this.position)
    }
  }

  /** The target loses its last records, and the map learns of it by the next one. */
  truncateTarget(runs: PartitionRuns): void {
    this.#target.length = Math.max(0, this.targetEnd - this.below(10))
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

  /** The same at the source for a consumer of the target. What it has read is read, whichever copy it was; what the target lost nobody can read there. */
  boundsBack(target: number): { readonly from: number; readonly to: number } {
    const read = new Set(this.#target.slice(0, target))
    let from = 0
    for (const [source, copy] of this.placed) if (copy < target) from = Math.max(from, source + 1)
    const unread = this.#target.slice(target).filter(source => source !== null && !read.has(source))
    return { from, to: Math.min(...(unread as number[])) }
  }

  /** The source offset of the copy at this target offset; null = a record of others, or a copy that a later one took the place of. */
  copyAt(target: number): number | null {
    const source = this.#target[target] ?? null
    return source !== null && this.placed.get(source) === target ? source : null
  }

  /** Whether a copy is at this target offset, be it the last one of its record or not. */
  holdsCopyAt(target: number): boolean {
    return (this.#target[target] ?? null) !== null
  }

  #othersWriteSome(count: number): void {
    for (let i = 0; i < count; i++) this.#target.push(null)
  }
}
