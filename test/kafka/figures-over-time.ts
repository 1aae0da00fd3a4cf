import { setTimeout as sleep } from 'node:timers/promises'
import { flowLag, flowRecords, ofPartition, type WatchedMirror } from './watched-mirror.ts'

export interface Moment {
  readonly atMs: number
  /** Undefined = not known, here and below. */
  readonly lag: number | undefined
  readonly records: number
  readonly partitions: number
  readonly ageMs: number | undefined
  readonly lagOf: (topic: string, partition: number) => number | undefined
}

const LOOK_MS = 30

/** Reads the figures of a mirror again and again. */
export class FiguresOverTime {
  readonly moments: Moment[] = []
  #isOver = false
  readonly #ended: Promise<void>

  constructor(mirror: WatchedMirror) {
    this.#ended = this.#look(mirror)
  }

  /** Rejects with what a look failed with. */
  async stop(): Promise<readonly Moment[]> {
    this.#isOver = true
    await this.#ended
    return this.moments
  }

  async #look(mirror: WatchedMirror): Promise<void> {
    while (!this.#isOver) {
      const shown = await mirror.scrape()
      const age = shown.value('isthmus_flow_oldest_uncopied_age_seconds')
      this.moments.push({
        atMs: Date.now(),
        lag: flowLag(shown),
        records: flowRecords(shown),
        partitions: shown.value('isthmus_flow_partitions') ?? 0,
        ageMs: age === undefined ? undefined : age * 1000,
        lagOf: (topic, partition) => ofPartition(shown, 'lag_records', topic, partition),
      })
      await sleep(LOOK_MS)
    }
  }
}
