import { RunSegment, SEGMENT_RUNS, UNKNOWN } from './run-segment.ts'
import { lastPlace, type Segments, targetEndAt } from './segments.ts'

/** 1,048,576 entries: 24 MB. */
const MAX_SEGMENTS = 1_048_576 / SEGMENT_RUNS

/** What changed since it was last written. */
export interface RunChanges {
  /** Numbers of segments to delete; newest first. */
  readonly removed: readonly number[]
  readonly segments: readonly RunSegment[]
}

/** The entries of one partition in order of their source offsets, kept in segments so that a change rewrites little. */
export class RunList implements Segments {
  readonly #segments: RunSegment[]
  #removed: number[] = []
  #isDirty = false

  /** @param segments in order, none empty; owned by this from now on */
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
    return this.#isDirty
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
      if (this.#segments.length > MAX_SEGMENTS) this.dropFirst()
    }
    last.push(start, length, target)
    this.#isDirty = true
  }

  /** Unknown entries are never neighbours, nor the first. */
  pushUnknown(start: number): void {
    const { last } = this
    if (last !== null && last.target(last.count - 1) !== UNKNOWN) this.push(start, 0, UNKNOWN)
  }

  /** Lengthens the last run if these records continue it. */
  extend(start: number, length: number, target: number): boolean {
    const extended = this.last?.extend(start, length, target) ?? false
    if (extended) this.#isDirty = true
    return extended
  }

  shortenLast(length: number): void {
    this.last?.shortenLast(length)
    this.#isDirty = true
  }

  pop(): void {
    const { last } = this
    if (last === null) return
    last.pop()
    this.#isDirty = true
    if (last.count > 0) return
    this.#segments.pop()
    this.#removed.push(last.number)
  }

  dropFirst(): void {
    const first = this.#segments.shift()
    if (first !== undefined) this.forget([first.number])
  }

  /** Something that is stored with the last segment changed. */
  touchLast(): void {
    const { last } = this
    if (last === null) return
    last.isDirty = true
    this.#isDirty = true
  }

  /** Marks segments as to be deleted from the store. */
  forget(numbers: readonly number[]): void {
    this.#removed.push(...numbers)
    this.#isDirty ||= numbers.length > 0
  }

  /** After the last target offset known; -1 = none. */
  get targetEnd(): number {
    return targetEndAt(this, lastPlace(this))
  }

  /** What is to be written; counts as written from now on. */
  takeChanges(): RunChanges {
    const segments = this.#segments.filter(({ isDirty }) => isDirty)
    for (const segment of segments) segment.isDirty = false
    const kept = new Set(this.#segments.map(({ number }) => number))
    const removed = [...new Set(this.#removed)].filter(number => !kept.has(number)).sort((a, b) => b - a)
    this.#removed = []
    this.#isDirty = false
    return { removed, segments }
  }

  /** The changes could not be written. */
  giveBack({ removed, segments }: RunChanges): void {
    this.forget(removed)
    for (const segment of segments) segment.isDirty = true
    this.#isDirty = true
  }

  #nextNumber(): number {
    return this.#removed.reduce((highest, number) => Math.max(highest, number), -1) + 1
  }
}
