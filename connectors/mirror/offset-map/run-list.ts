import { RunSegment, SEGMENT_RUNS, UNKNOWN } from './run-segment.ts'
import { lastPlace, type Segments, targetEndAt } from './segments.ts'

/** 1,048,576 entries: 24 MB. */
const MAX_SEGMENTS = 1_048_576 / SEGMENT_RUNS

/** What changed since it was last written. */
export interface RunChanges {
  /** Numbers of segments to delete before any is written, in this order: what is left of the map at any time is a part of it without gaps. */
  readonly removed: readonly number[]
  /** To write, in this order. Some have taken the number of a removed one. */
  readonly segments: readonly RunSegment[]
}

/** The entries of one partition in order of their source offsets, kept in segments so that a change rewrites little. */
export class RunList implements Segments {
  readonly #segments: RunSegment[]
  readonly #dirty = new Set<RunSegment>()
  readonly #removed = new Set<number>()

  /** @param segments as stored, in order, numbers without gaps, none empty; owned by this from now on */
  constructor(segments: RunSegment[] = []) {
    this.#segments = segments
  }

  get segments(): readonly RunSegment[] {
    return this.#segments
  }

  get count(): number {
    return this.#segments.length
  }

  segment(at: number): RunSegment {
    return this.#segments[at]!
  }

  firstStart(at: number): number {
    return this.#segments[at]!.start(0)
  }

  firstTarget(at: number): number {
    return this.#segments[at]!.firstTarget
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0 || this.#removed.size > 0
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0
  }

  get last(): RunSegment | null {
    return this.#segments[this.#segments.length - 1] ?? null
  }

  /** Adds an entry; beyond 1,048,576 the oldest are dropped. */
  push(start: number, length: number, target: number): void {
    let last = this.last
    if (last === null || last.isFull) {
      last = new RunSegment(last === null ? this.#nextNumber() : last.number + 1)
      this.#segments.push(last)
      if (this.#segments.length > MAX_SEGMENTS) this.dropFirst(1)
    }
    last.push(start, length, target)
    this.#dirty.add(last)
  }

  /** Unknown entries are never neighbours, nor the first. */
  pushUnknown(start: number): void {
    const { last } = this
    if (last !== null && last.target(last.count - 1) !== UNKNOWN) this.push(start, 0, UNKNOWN)
  }

  /** Lengthens the last run if these records continue it. */
  extend(start: number, length: number, target: number): boolean {
    const extended = this.last?.extend(start, length, target) ?? false
    if (extended) this.touchLast()
    return extended
  }

  shortenLast(length: number): void {
    this.last?.shortenLast(length)
    this.touchLast()
  }

  pop(): void {
    const { last } = this
    if (last === null) return
    last.pop()
    if (last.count > 0) this.#dirty.add(last)
    else this.#removeAll(this.#segments.splice(-1))
  }

  /** Drops the oldest segments. */
  dropFirst(count: number): void {
    this.#removeAll(this.#segments.splice(0, count))
  }

  /** Something that is stored with the last segment changed. */
  touchLast(): void {
    const { last } = this
    if (last !== null) this.#dirty.add(last)
  }

  /** Marks segments as to be deleted from the store. */
  forget(numbers: readonly number[]): void {
    for (const number of numbers) this.#removed.add(number)
  }

  /** After the last target offset known; -1 = none. */
  get targetEnd(): number {
    return targetEndAt(this, lastPlace(this))
  }

  /** Where the segment behind this one starts; null = it is the last. */
  startBehind({ number }: RunSegment): number | null {
    return this.#withNumber(number + 1)?.start(0) ?? null
  }

  /** What is to be written; counts as written from now on. */
  takeChanges(): RunChanges {
    const first = this.#segments[0]?.number ?? 0
    const numbers = [...this.#removed].filter(number => !this.#isStored(number)).sort((a, b) => a - b)
    const removed = [...numbers.filter(number => number < first), ...numbers.filter(number => number >= first).reverse()]
    const segments = [...this.#dirty].sort((a, b) => a.number - b.number)
    this.#dirty.clear()
    this.#removed.clear()
    return { removed, segments }
  }

  /** The changes could not be written. */
  giveBack({ removed, segments }: RunChanges): void {
    this.forget(removed)
    for (const segment of segments) if (this.#withNumber(segment.number) === segment) this.#dirty.add(segment)
  }

  #removeAll(segments: readonly RunSegment[]): void {
    for (const segment of segments) {
      this.#dirty.delete(segment)
      this.#removed.add(segment.number)
    }
  }

  #withNumber(number: number): RunSegment | undefined {
    return this.#segments[number - (this.#segments[0]?.number ?? 0)]
  }

  /** As it is: a segment that took the number of a removed one is not until it has been written. */
  #isStored(number: number): boolean {
    const segment = this.#withNumber(number)
    return segment !== undefined && !this.#dirty.has(segment)
  }

  #nextNumber(): number {
    let highest = -1
    for (const number of this.#removed) highest = Math.max(highest, number)
    return highest + 1
  }
}
