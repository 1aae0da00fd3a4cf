import type { TranslationNow } from '../translation/flow-translation.ts'

interface Mark {
  readonly offset: number
  readonly target: number
}

/** Source partitions by topic. */
export type MovedPartitions = ReadonlyMap<string, ReadonlySet<number>>

/**
 * Remembers one exact translation of each source partition, the one furthest on, and tells when it no longer holds: records up to there
 * were copied again, as after a crash, and whoever stood among them goes on at the later copies.
 */
export class SettledMarks {
  readonly #marks = new Map<string, (Mark | undefined)[]>()

  /** An offset was translated exactly. */
  settled(topic: string, partition: number, offset: number, target: number): void {
    let marks = this.#marks.get(topic)
    if (marks === undefined) {
      marks = []
      this.#marks.set(topic, marks)
    }
    const mark = marks[partition]
    if (mark === undefined || mark.offset < offset) marks[partition] = { offset, target }
  }

  /** Where what was translated before may translate otherwise now; null = nowhere. It is forgotten there. */
  takeMoved(now: TranslationNow): MovedPartitions | null {
    const moved = new Map<string, Set<number>>()
    for (const [topic, marks] of this.#marks) {
      for (const [partition, mark] of marks.entries()) {
        if (mark === undefined || holds(mark, now.translate(topic, partition, mark.offset))) continue
        marks[partition] = undefined
        moved.set(topic, (moved.get(topic) ?? new Set()).add(partition))
      }
    }
    return moved.size === 0 ? null : moved
  }
}

function holds({ target }: Mark, translation: ReturnType<TranslationNow['translate']>): boolean {
  return translation?.exactness === 'exact' && translation.offset === target
}
