import { PartitionRuns } from './partition-runs.ts'
import type { StoredRuns } from './stored-map.ts'

/** The map of one source partition while it is being copied. */
export class MapPartition {
  /** Name on the source. */
  readonly topic: string
  readonly partition: number
  #runs = new PartitionRuns()

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get runs(): PartitionRuns {
    return this.#runs
  }

  /** Of the source topic, 32 hexadecimal digits; null = not known. */
  get topicId(): string | null {
    return this.#runs.topicId
  }

  /** What follows is of this topic. Another one than before takes everything known with it; reading began at `source`. */
  setTopic(topicId: string, source: number): void {
    if (this.topicId !== null) this.#restart(source)
    this.#runs.topicId = topicId
  }

  /** What was stored comes before what was copied since this run began. */
  loaded({ runs, stale }: StoredRuns): void {
    const { topicId } = this
    const isSame = runs.topicId === null || topicId === null || runs.topicId === topicId
    if (isSame) {
      runs.forget(stale)
      runs.follow(this.#runs)
      this.#runs = runs
    } else this.#runs.forget([...stale, ...runs.segments.map(({ number }) => number)])
    this.#runs.topicId = topicId ?? runs.topicId
  }

  #restart(source: number): void {
    const numbers = this.#runs.segments.map(({ number }) => number)
    const { removed } = this.#runs.takeChanges()
    this.#runs = new PartitionRuns()
    this.#runs.begin(source)
    this.#runs.forget([...removed, ...numbers])
  }
}
