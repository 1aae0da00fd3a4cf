import type { OffsetSync } from '../formats/index.ts'

const SLOTS = 64

/** What takes part in the spacing. */
type Pair = Pick<OffsetSync, 'upstreamOffset' | 'downstreamOffset' | 'session'>

/**
 * 64 pairs of one partition, spaced ever wider from the newest to the oldest, so that offsets near the end translate precisely and old
 * ones still do. Kept as MirrorMaker 2's `OffsetSyncStore` keeps them, pair for pair.
 *
 * With u(i) the source offset of slot i, and for i < j with different pairs: u(i) <= u(j) + 2^j - 2^i, and u(i) >= u(j) + 2^max(i-2, 0).
 */
export class SyncSlots {
  #slots: readonly Pair[]

  constructor(first: Pair) {
    this.#slots = new Array<Pair>(SLOTS).fill(first)
  }

  get newest(): Pair {
    return this.#slots[0]!
  }

  /** From the newest to the oldest usable one; a pair may fill several slots. */
  get slots(): readonly Pair[] {
    return this.#slots
  }

  /** Forgets all but this one. */
  restart(sync: Pair): void {
    this.#slots = new Array<Pair>(SLOTS).fill(sync)
  }

  /** Takes up the newest pair; one that steps back at the source takes the place of all. */
  add(sync: Pair): void {
    if (sync.upstreamOffset < this.newest.upstreamOffset) this.restart(sync)
    else this.#slots = inserted(this.#slots, sync)
  }

  /** After the last pair at or before `upstream`, or on it; -1 when all pairs lie behind it. */
  translate(upstream: number): number {
    const found = this.#slots.find(({ upstreamOffset }) => upstreamOffset <= upstream)
    if (found === undefined) return -1
    return found.downstreamOffset + (found.upstreamOffset === upstream ? 0 : 1)
  }
}

function inserted(old: readonly Pair[], sync: Pair): readonly Pair[] {
  const slots = [...old]
  slots[0] = sync
  let replacement = sync
  let reading = 0
  for (let current = 1; current < SLOTS; current++) {
    const previous = current - 1
    let skip: boolean
    do {
      const candidate = old[reading]!
      const isRecent = isNearEnough(slots[previous]!, candidate, previous, current)
      const isApart = isFarEnough(slots[previous]!, candidate, previous)
      const isApartFromNext = current === SLOTS - 1 || isFarEnough(candidate, slots[current + 1]!, current)
      const isRepeated = reading < SLOTS - 1 && candidate === old[reading + 1]
      const isPromoted = isRecent && isApart && isApartFromNext
      if (isPromoted) replacement = candidate
      skip = isRepeated || !isApart
      if (isPromoted || skip) reading++
    } while (reading < current && skip)
    if (isNearEnough(slots[previous]!, slots[current]!, previous, current)) break
    slots[current] = replacement
  }
  return slots
}

const isNearEnough = (newer: Pair, older: Pair, newerSlot: number, olderSlot: number): boolean =>
  newer === older || newer.upstreamOffset <= older.upstreamOffset + 2 ** olderSlot - 2 ** newerSlot

const isFarEnough = (newer: Pair, older: Pair, newerSlot: number): boolean =>
  newer === older || newer.upstreamOffset >= older.upstreamOffset + 2 ** Math.max(newerSlot - 2, 0)
