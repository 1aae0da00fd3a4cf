import type { OffsetMap, OffsetPair, Translation } from './offset-map.ts'
import { type RunChanges, RunList } from './run-list.ts'
import { RunLookup } from './run-lookup.ts'
import { type RunSegment, UNKNOWN } from './run-segment.ts'
import { segmentAt } from './segments.ts'

export type { OffsetPair, Translation } from './offset-map.ts'

/** Parts whose place is not known and is still hoped for. */
const MAX_UNPLACED = 64

/**
 * Which target offset each copied record of one partition has: runs of one constant difference, in order on both sides. Where records
 * were copied twice the later copy counts. What lies between runs is a hole (source offsets without records) or unknown.
 */
export class PartitionRuns implements OffsetMap {
  /** Of the source topic, 32 hexadecimal digits; null = not known. */
  topicId: string | null = null
  readonly #list: RunList
  readonly #lookup: RunLookup
  /** Everything below it is accounted for, as copied, hole or unknown; -1 = nothing is. */
  #coveredEnd: number
  /** Where reading began, until its first record is placed. */
  #begin: number | null = null
  /** From there on the place of what was read since is known. */
  #knownFrom = -1
  /** The lowest offset at which reading began; null = it has not. */
  #origin: number | null = null
  /** While nothing is placed: behind the holes that were read first; -1 = none were. */
  #holesEnd = -1
  /** The lowest offset at which the source was cut off; null = it was not. */
  #cut: number | null = null
  #unplaced: { readonly start: number; readonly count: number }[] = []

  /** @param segments in order, none empty; owned by this from now on */
  constructor(segments: RunSegment[] = [], coveredEnd = -1) {
    this.#list = new RunList(segments)
    this.#coveredEnd = segments.length === 0 ? -1 : coveredEnd
    this.#lookup = new RunLookup(this.#list, this)
  }

  get segments(): readonly RunSegment[] {
    return this.#list.segments
  }

  get coveredEnd(): number {
    return this.#coveredEnd
  }

  get isDirty(): boolean {
    return this.#list.isDirty
  }

  /** Reading begins, or begins again, at this source offset. Nothing is forgotten until its first record is placed. */
  begin(source: number): void {
    this.#origin = Math.min(source, this.#origin ?? source)
    this.#begin = source
    this.#knownFrom = source
    this.#unplaced = []
    this.#holesEnd = -1
  }

  /** The source lost everything from this offset on, and is read on from there. */
  cutOff(source: number): void {
    this.begin(source)
    this.#cut = Math.min(source, this.#cut ?? source)
    if (source < this.#coveredEnd) this.#truncateSource(source)
  }

  /** Records with these source offsets were copied to these target offsets. Called in the order of reading. */
  append(start: number, count: number, target: number): void {
    if (this.#begin === null && start === this.#coveredEnd && this.#unplaced.length === 0) {
      if (this.#list.extend(start, count, target)) {
        this.#coveredEnd = start + count
        return
      }
    }
    if (this.#unplaced.length > 0) this.#place(start, target)
    this.#add(start, count, target)
  }

  /** Records with these source offsets were copied, to target offsets that the broker did not tell. */
  appendUnplaced(start: number, count: number): void {
    if (this.#begin !== null) this.#beginUnplaced(start + count)
    else if (this.#unplaced.length < MAX_UNPLACED) this.#unplaced.push({ start, count })
  }

  /** Everything below this source offset was read: what was not appended are holes. */
  cover(end: number): void {
    if (this.#list.isEmpty && this.#begin !== null && this.#knownFrom === this.#begin) this.#holesEnd = end
    if (this.#unplaced.length > 0 || end <= this.#coveredEnd || this.#list.isEmpty) return
    if (this.#begin !== null) {
      if (this.#begin !== this.#coveredEnd || this.#knownFrom !== this.#begin) return
      this.begin(end)
    }
    this.#coveredEnd = end
    this.#list.touchLast()
  }

  /** Drops what lies below the source's first offset. */
  prune(logStart: number): void {
    const at = segmentAt(this.#list, logStart)
    if (at > 0) this.#list.dropFirst(at)
  }

  /** Appends what another map knows of later reading. */
  follow(later: PartitionRuns): void {
    if (later.#cut !== null) this.cutOff(later.#cut)
    const first = later.segments[0]?.start(0)
    if (first === undefined) {
      if (later.#begin === null) return
      this.begin(later.#origin ?? later.#begin)
      this.#beginUnplaced(later.#knownFrom)
      this.cover(later.#holesEnd)
      return
    }
    this.begin(later.#origin ?? first)
    this.#beginUnplaced(first)
    for (const segment of later.segments) {
      for (let i = 0; i < segment.count; i++) {
        if (segment.target(i) === UNKNOWN) this.#list.pushUnknown(segment.start(i))
        else this.#add(segment.start(i), segment.length(i), segment.target(i))
      }
    }
    this.cover(later.#coveredEnd)
    this.#begin = later.#begin
    if (later.#begin !== null) this.#beginUnplaced(later.#knownFrom)
    this.#unplaced = later.#unplaced
  }

  get end(): OffsetPair | null {
    return this.#lookup.end
  }

  translate(source: number): Translation | null {
    return this.#lookup.translate(source)
  }

  translateBack(target: number): Translation | null {
    return this.#lookup.translateBack(target)
  }

  isCopy(target: number): boolean {
    return this.#lookup.isCopy(target)
  }

  knownAtOrBelow(source: number): OffsetPair | null {
    return this.#lookup.knownAtOrBelow(source)
  }

  knownAbove(source: number): OffsetPair | null {
    return this.#lookup.knownAbove(source)
  }

  /** Source offset below which everything is accounted for if no segment comes behind this one. */
  coveredEndOf(segment: RunSegment): number {
    return this.#list.startBehind(segment) ?? this.#coveredEnd
  }

  /** What is to be written; counts as written from now on. */
  takeChanges(): RunChanges {
    return this.#list.takeChanges()
  }

  /** The changes could not be written. */
  giveBack(changes: RunChanges): void {
    this.#list.giveBack(changes)
  }

  /** Marks segments as to be deleted from the store. */
  forget(numbers: readonly number[]): void {
    this.#list.forget(numbers)
  }

  #add(start: number, count: number, target: number): void {
    const list = this.#list
    const begin = this.#begin
    this.#begin = null
    const from = begin ?? Math.min(start, this.#coveredEnd)
    const knownFrom = begin === null ? from : this.#knownFrom
    const isJump = begin !== null && (list.isEmpty || knownFrom !== this.#coveredEnd)
    if (from < this.#coveredEnd) this.#truncateSource(from)
    if (target < list.targetEnd) this.#truncateTarget(target)
    if (this.#coveredEnd < knownFrom) list.pushUnknown(this.#coveredEnd)
    const isFirstCopy = list.isEmpty && target === 0
    if (isFirstCopy || (begin !== null && (isJump || target !== list.targetEnd))) {
      this.#addHole(isFirstCopy ? 0 : knownFrom, start, target)
    }
    if (!list.extend(start, count, target)) list.push(start, count, target)
    this.#coveredEnd = start + count
  }

  /**
   * Before the very first record of the copy, whatever the source has there, everybody goes on at that record.
   * A hole in front of where reading began anew, all of it, goes on there: behind the run before it may be copies that no longer
   * count.
   */
  #addHole(knownFrom: number, end: number, target: number): void {
    const list = this.#list
    const { last } = list
    const index = (last?.count ?? 0) - 1
    const isKnown = last !== null && last.target(index) !== UNKNOWN
    const start = isKnown ? last.start(index) + last.length(index) : knownFrom
    if (start >= end) return
    if (isKnown && last.length(index) === 0) list.pop()
    list.push(start, 0, target)
  }

  /** What was copied since reading began lies nobody knows where: what was known of the same records counts no more. */
  #beginUnplaced(knownFrom: number): void {
    const begin = this.#begin ?? knownFrom
    this.#knownFrom = knownFrom
    if (begin < knownFrom && begin < this.#coveredEnd) this.#truncateSource(begin)
  }

  /** Places what came before `target` if it fills the room exactly. */
  #place(start: number, target: number): void {
    const unplaced = this.#unplaced
    this.#unplaced = []
    const end = this.#list.targetEnd
    const count = unplaced.reduce((sum, part) => sum + part.count, 0)
    const isOneSession = unplaced[0]!.start >= this.#coveredEnd && unplaced.length < MAX_UNPLACED
    if (end < 0 || end + count !== target || !isOneSession) {
      this.begin(start)
      return
    }
    let place = end
    for (const part of unplaced) {
      this.#add(part.start, part.count, place)
      place += part.count
    }
  }

  #truncateSource(end: number): void {
    const list = this.#list
    for (let last = list.last; last !== null && last.start(last.count - 1) >= end; last = list.last) list.pop()
    const { last } = list
    if (last !== null) list.shortenLast(Math.min(last.length(last.count - 1), end - last.start(last.count - 1)))
    this.#coveredEnd = last === null ? -1 : end
  }

  /** The target lost what it had from this offset on. */
  #truncateTarget(end: number): void {
    const list = this.#list
    let lostFrom = this.#coveredEnd
    for (let last = list.last; last !== null; last = list.last) {
      const index = last.count - 1
      const [start, length, target] = [last.start(index), last.length(index), last.target(index)]
      if (target !== UNKNOWN && (target < end || (target === end && length === 0))) {
        if (target + length > end) {
          list.shortenLast(end - target)
          lostFrom = start + end - target
        }
        break
      }
      lostFrom = start
      list.pop()
    }
    if (list.isEmpty) this.#coveredEnd = -1
    else if (lostFrom < this.#coveredEnd) list.pushUnknown(lostFrom)
  }
}
