import type { CommittedOffset } from '../../../framework/kafka/admin/group-offsets.ts'
import type { Windowed } from '../../../framework/telemetry/metrics/index.ts'
import type { MovedPartitions } from './settled-marks.ts'

/** Offsets of one checkpoint. */
export interface Emitted {
  readonly upstreamOffset: number
  readonly downstreamOffset: number
}

/** A partition of the source in which a group has committed an offset. */
export class TrackedPartition {
  readonly group: TrackedGroup
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
  /** Translated exactly, and not ahead of the map: nothing more to do until the group commits again or records are copied again. */
  isSettled = true
  /** From making its checkpoints to their acknowledgement; undefined = none was written. */
  latency: Windowed | undefined
  /** First offset of the copy, as last seen: consumers cannot go on before it. */
  logStart = 0
  /** What the group has on the target: -1 = nothing. */
  targetOffset = -1
  /** Up to where the mirror itself may have committed there: what it committed, at its start the last checkpoint. -1 = nothing. */
  written: number

  constructor(group: TrackedGroup, topic: string, partition: number, remoteTopic: string, checkpoint: Emitted | null) {
    this.group = group
    this.topic = topic
    this.partition = partition
    this.remoteTopic = remoteTopic
    this.checkpoint = checkpoint
    this.written = checkpoint?.downstreamOffset ?? -1
  }

  /**
   * Where the group should stand on the target; -1 = not known. Forward only once that is written, back before it is: whatever may have
   * been committed there lies at or before the last checkpoint then, should we end between the two.
   */
  get goal(): number {
    const [pending, written] = [this.pending?.downstreamOffset, this.checkpoint?.downstreamOffset ?? -1]
    const offset = pending === undefined ? written : Math.min(pending, written)
    return offset < 0 ? offset : Math.max(offset, this.logStart)
  }
}

export interface TrackedGroupOptions {
  readonly acceptsTopic: (topic: string) => boolean
  readonly remoteName: (topic: string) => string
  /** Written before, by target name. */
  readonly checkpointOf: (remoteTopic: string, partition: number) => Emitted | null
}

/** A place in the list of a group's offsets; null = of a topic that the filter leaves out. */
interface Place {
  readonly topic: string
  readonly partition: number
  readonly tracked: TrackedPartition | null
}

/** What is known of one consumer group of the source. */
export class TrackedGroup {
  readonly name: string
  /** Those that are to be translated again. */
  open: TrackedPartition[] = []
  /** What was last said about offsets that are ahead on the target. */
  reported = ''
  /** Why it could not be set on the target the last time; empty = it could. */
  refusal = ''
  /** It was rewound, and the target stays ahead of it: a sentence. Empty = it does not. */
  ahead = ''
  readonly #options: TrackedGroupOptions
  /** As the group's offsets were listed last: it hardly ever changes. */
  #places: readonly Place[] = []
  #partitions: readonly TrackedPartition[] = []

  constructor(name: string, options: TrackedGroupOptions) {
    this.name = name
    this.#options = options
  }

  /** Those of topics that the filter accepts. */
  get partitions(): readonly TrackedPartition[] {
    return this.#partitions
  }

  /** What the group has committed by now, all of it. */
  committed(offsets: readonly CommittedOffset[]): void {
    if (!this.#isListedAlike(offsets)) this.#list(offsets)
    for (let i = 0; i < offsets.length; i++) {
      const { tracked } = this.#places[i]!
      if (tracked !== null) this.#take(tracked, offsets[i]!)
    }
  }

  /** What it has committed in these partitions is to be translated again. */
  reopen(moved: MovedPartitions): void {
    for (const tracked of this.partitions) {
      if (!tracked.isSettled || !moved.get(tracked.topic)?.has(tracked.partition)) continue
      tracked.isSettled = false
      this.open.push(tracked)
    }
  }

  #isListedAlike(offsets: readonly CommittedOffset[]): boolean {
    const places = this.#places
    if (places.length !== offsets.length) return false
    for (let i = 0; i < offsets.length; i++) {
      if (places[i]!.partition !== offsets[i]!.partition || places[i]!.topic !== offsets[i]!.topic) return false
    }
    return true
  }

  #list(offsets: readonly CommittedOffset[]): void {
    const known = new Map(this.#places.map(place => [`${place.topic}-${place.partition}`, place]))
    this.#places = offsets.map(({ topic, partition }) => known.get(`${topic}-${partition}`) ?? this.#placeOf(topic, partition))
    this.#partitions = this.#places.flatMap(({ tracked }) => tracked ?? [])
    const listed = new Set(this.#partitions)
    this.open = this.open.filter(tracked => listed.has(tracked))
  }

  #placeOf(topic: string, partition: number): Place {
    const { acceptsTopic, remoteName, checkpointOf } = this.#options
    if (!acceptsTopic(topic)) return { topic, partition, tracked: null }
    const remoteTopic = remoteName(topic)
    const checkpoint = checkpointOf(remoteTopic, partition)
    return { topic, partition, tracked: new TrackedPartition(this, topic, partition, remoteTopic, checkpoint) }
  }

  #take(tracked: TrackedPartition, { offset, metadata }: CommittedOffset): void {
    if (tracked.offset === offset && tracked.metadata === metadata) return
    tracked.offset = offset
    tracked.metadata = metadata
    if (tracked.isSettled) this.open.push(tracked)
    tracked.isSettled = false
  }
}
