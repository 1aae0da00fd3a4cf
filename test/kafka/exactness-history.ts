import assert from 'node:assert/strict'
import type { DumpedRecord, PartitionOffsets } from '../kafka-tool/index.ts'

/** What tells a record from all others: its value, or its header `id` where it has none. */
export function idOf({ value, headers }: Pick<DumpedRecord, 'value' | 'headers'>): string {
  const id = value ?? headers.find(([name]) => name === 'id')?.[1]
  if (id == null) throw new Error('a record without value and id')
  return id.toString()
}

/** Records of one source partition by offset: those that are there and those that were. */
export class PartitionHistory {
  readonly topic: string
  readonly partition: number
  readonly #ids = new Map<number, string>()

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  learn(offset: number, id: string): void {
    this.#ids.set(offset, id)
  }

  /** In order. */
  get records(): readonly (readonly [number, string])[] {
    return [...this.#ids].sort(([a], [b]) => a - b)
  }
}

export interface CopiedPartitionOptions {
  readonly history: PartitionHistory
  readonly offsets: PartitionOffsets
  /** Records of the source now. */
  readonly there: readonly DumpedRecord[]
  /** Records of the copy. */
  readonly copies: readonly DumpedRecord[]
  readonly targetEnd: number
  /** The copy may be ahead with that: not every record of the source need be in it. */
  readonly isCompacted: boolean
}

/**
 * One source partition and its copy, at rest.
 *
 * What a group should read on with is the last copy of the first record at or after the offset that it committed, or what follows the
 * last record. A mirror that was killed copies some records again: from their last copies on each is read once, from their first ones twice.
 * A group that stood before them reads them twice wherever it goes on.
 */
export class CopiedPartition {
  readonly topic: string
  readonly partition: number
  /** Offsets from here to `latest`, both included, still exist at the source. */
  readonly earliest: number
  readonly latest: number
  readonly targetEnd: number
  /** Ids of what the source holds now. */
  readonly committedIds: readonly string[]
  /** Of every record of the copy, in order. */
  readonly #copies: readonly (readonly [number, string])[]
  /** By committed source offset. */
  readonly #exact: readonly number[]

  /** @throws AssertionError when a record is missing, out of order, or was never committed */
  constructor({ history, offsets, there, copies, targetEnd, isCompacted }: CopiedPartitionOptions) {
    const { topic, partition, records } = history
    this.topic = topic
    this.partition = partition
    this.earliest = offsets.earliest
    this.latest = offsets.latest
    this.targetEnd = targetEnd
    this.committedIds = there.map(idOf)
    this.#copies = copies.map(copy => [copy.offset, idOf(copy)])
    const last = new Map(this.#copies.map(([offset, id]) => [id, offset]))
    const known = new Set(records.map(([, id]) => id))
    for (const id of last.keys()) assert.ok(known.has(id), `${topic}-${partition}: ${id} was copied and never committed`)
    const placed = inOrder(records, last)
    const isPlaced = new Set(placed.map(([offset]) => offset))
    for (const { offset } of isCompacted ? [] : there) {
      assert.ok(isPlaced.has(offset), `${topic}-${partition}: the record at ${offset} is missing, or out of order`)
    }
    this.#exact = expected(placed, offsets.latest, targetEnd)
  }

  get name(): string {
    return `${this.topic}-${this.partition}`
  }

  /** Where a group that committed this source offset reads on at the target. */
  exact(committed: number): number {
    return this.#exact[committed] ?? this.targetEnd
  }

  /** The first record at or after a target offset: compaction of the copy may have taken the one there. */
  resume(target: number): number {
    return target >= this.targetEnd ? target : (this.#copies.find(([offset]) => offset >= target)?.[0] ?? this.targetEnd)
  }

  /** Ids of what a consumer reads from a target offset on. */
  readFrom(target: number): readonly string[] {
    return this.#copies.filter(([offset]) => offset >= target).map(([, id]) => id)
  }

  /** Records that the copy holds more than once. */
  get repeated(): number {
    return this.#copies.length - new Set(this.#copies.map(([, id]) => id)).size
  }
}

/**
 * Records with their last copies, as far as those are in order. What is not was lost at the source before all was copied again: of it only a
 * copy in front of others already read is left, and the source has it no more.
 */
function inOrder(
  records: readonly (readonly [number, string])[],
  last: ReadonlyMap<string, number>,
): readonly (readonly [number, number])[] {
  const placed: (readonly [number, number])[] = []
  let end = -1
  for (const [offset, id] of records) {
    const copy = last.get(id) ?? -1
    if (copy <= end) continue
    placed.push([offset, copy])
    end = copy
  }
  return placed
}

function expected(placed: readonly (readonly [number, number])[], latest: number, targetEnd: number): readonly number[] {
  const exact: number[] = []
  for (const [offset, copy] of placed) while (exact.length <= offset) exact.push(copy)
  while (exact.length <= latest) exact.push(targetEnd)
  return exact
}
