import type { CommittedOffset } from '../../../framework/kafka/admin/group-offsets.ts'
import type { LastCopy } from '../offset-map/last-copy.ts'
import type { TranslationNow } from '../translation/flow-translation.ts'

/** What a group has committed, by its name on the source. */
type Committed = Pick<CommittedOffset, 'topic' | 'partition' | 'offset'>

interface Mark {
  readonly offset: number
  readonly target: number
  /** As of the moment at which one was settled last. */
  readonly lastCopies: readonly LastCopy[]
}

/** Source partitions by topic. */
export type MovedPartitions = ReadonlyMap<string, ReadonlySet<number>>

/**
 * Remembers of each source partition the exact translation furthest on, and the last record that was known to be copied, and tells when either
 * no longer holds: records up to there were copied again, as after a crash, and whoever stood among them goes on at the later copies.
 * The translation alone does not do: while the map has only the first copies, one further on may come from a newer offset sync, and stay.
 */
export class SettledMarks {
  readonly #marks = new Map<string, (Mark | undefined)[]>()

  /** An offset was translated exactly by what is known now. */
  settled(now: TranslationNow, { topic, partition, offset }: Committed, target: number): void {
    let marks = this.#marks.get(topic)
    if (marks === undefined) {
      marks = []
      this.#marks.set(topic, marks)
    }
    const mark = marks[partition]
    const lastCopies = now.lastCopies(topic, partition)
    if (mark === undefined || mark.offset < offset) marks[partition] = { offset, target, lastCopies }
    else if (mark.lastCopies !== lastCopies) marks[partition] = { ...mark, lastCopies }
  }

  /** Where what was translated before may translate otherwise now; null = nowhere. It is forgotten there. */
  takeMoved(now: TranslationNow): MovedPartitions | null {
    const moved = new Map<string, Set<number>>()
    for (const [topic, marks] of this.#marks) {
      for (const [partition, mark] of marks.entries()) {
        if (mark === undefined || holds(mark, now, topic, partition)) continue
        marks[partition] = undefined
        moved.set(topic, (moved.get(topic) ?? new Set()).add(partition))
      }
    }
    return moved.size === 0 ? null : moved
  }
}

function holds({ offset, target, lastCopies }: Mark, now: TranslationNow, topic: string, partition: number): boolean {
  const translation = now.translate(topic, partition, offset)
  return translation?.exactness === 'exact' && translation.offset === target && now.stillKnows(topic, partition, lastCopies)
}
