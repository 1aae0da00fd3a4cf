import type { CommittedOffset } from '../../../framework/kafka/admin/group-offsets.ts'

/** Offsets of one checkpoint. */
export interface Emitted {
  readonly upstreamOffset: number
  readonly downstreamOffset: number
}

/** A partition of the source in which a group has committed an offset. */
export class TrackedPartition {
  /** Name on the source. */
  readonly topic: string
  readonly partition: number
  /** Name on the target. */
  readonly remoteTopic: string
  /** As last committed. */
  offset = -1
  metadata = ''
  /** The checkpoint last written; null = none yet. */
  checkpoint: Emitted | null
  /** Handed out and not acknowledged. */
  pending: Emitted | null = null
  /** The group stepped back on the source since the target last stood where it should. */
  isRewound = false
  /** Translated exactly: nothing more to do until the group commits again. */
  isSettled = false
  /** What the group has on the target: -1 = nothing. */
  targetOffset = -1
  /** What the mirror itself committed there last: -1 = nothing. */
  written: number

  constructor(topic: string, partition: number, remoteTopic: string, checkpoint: Emitted | null) {
    this.topic = topic
    this.partition = partition
    this.remoteTopic = remoteTopic
    this.checkpoint = checkpoint
    this.written = checkpoint?.downstreamOffset ?? -1
  }

  /** Where the group should stand on the target; -1 = not known. */
  get goal(): number {
    return (this.pending ?? this.checkpoint)?.downstreamOffset ?? -1
  }
}

export interface TrackedGroupOptions {
  readonly acceptsTopic: (topic: string) => boolean
  readonly remoteName: (topic: string) => string
  /** Written before, by target name. */
  readonly checkpointOf: (remoteTopic: string, partition: number) => Emitted | null
}

/** What is known of one consumer group of the source. */
export class TrackedGroup {
  readonly name: string
  readonly #options: TrackedGroupOptions
  readonly #bySource = new Map<string, TrackedPartition>()
  readonly #byTarget = new Map<string, TrackedPartition>()
  /** What was last said about offsets that are ahead on the target. */
  reported = ''

  constructor(name: string, options: TrackedGroupOptions) {
    this.name = name
    this.#options = options
  }

  /** Those of topics that the filter accepts. */
  get partitions(): Iterable<TrackedPartition> {
    return this.#bySource.values()
  }

  onTarget(remoteTopic: string, partition: number): TrackedPartition | undefined {
    return this.#byTarget.get(`${remoteTopic}-${partition}`)
  }

  /** What the group has committed by now, all of it. */
  committed(offsets: readonly CommittedOffset[]): void {
    const gone = new Set(this.#bySource.keys())
    for (const { topic, partition, offset, metadata } of offsets) {
      if (!this.#options.acceptsTopic(topic)) continue
      const key = `${topic}-${partition}`
      gone.delete(key)
      const tracked = this.#bySource.get(key) ?? this.#track(key, topic, partition)
      if (tracked.offset === offset && tracked.metadata === metadata) continue
      tracked.offset = offset
      tracked.metadata = metadata
      tracked.isSettled = false
    }
    for (const key of gone) this.#forget(key)
  }

  #track(key: string, topic: string, partition: number): TrackedPartition {
    const remoteTopic = this.#options.remoteName(topic)
    const checkpoint = this.#options.checkpointOf(remoteTopic, partition)
    const tracked = new TrackedPartition(topic, partition, remoteTopic, checkpoint)
    this.#bySource.set(key, tracked)
    this.#byTarget.set(`${remoteTopic}-${partition}`, tracked)
    return tracked
  }

  #forget(key: string): void {
    const tracked = this.#bySource.get(key)
    if (tracked === undefined) return
    this.#bySource.delete(key)
    this.#byTarget.delete(`${tracked.remoteTopic}-${tracked.partition}`)
  }
}
