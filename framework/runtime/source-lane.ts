import type { ConnectError, SourceOffset, SourcePart, SourcePartition } from '../api/index.ts'
import type { AckEntry, AckedLane, AckedPrefix } from '../flow/index.ts'
import { partitionKey } from '../storage/partition-key.ts'
import type { PartitionEntry, TaskPartitions } from './partition-status.ts'

/** A part between its arrival and the passing of the acknowledged prefix; the token given to the writer. */
export class PendingPart implements AckEntry<SourceOffset> {
  readonly lane: SourceLane
  readonly part: SourcePart
  readonly offset: SourceOffset
  readonly bytes: number
  /** What was sent of it. */
  readonly records: number
  /** In milliseconds of `performance.now()`. */
  readonly sentAtMs: number
  state: 'waiting' | 'acked' | 'refused' = 'waiting'
  /** Encoded batches the writer has not resolved yet. */
  unresolved: number
  refused = false
  topic = ''
  partition = -1
  baseOffset = -1
  count = 0

  constructor(lane: SourceLane, part: SourcePart, bytes: number, batches: number, records: number, sentAtMs: number) {
    this.lane = lane
    this.part = part
    this.offset = part.sourceOffset
    this.bytes = bytes
    this.records = records
    this.sentAtMs = sentAtMs
    this.unresolved = batches
  }
}

/** What the runtime knows of one source partition. */
export class SourceLane {
  readonly partition: SourcePartition
  readonly prefix: AckedLane<SourcePartition, SourceOffset, PendingPart>
  readonly entry: PartitionEntry
  failed: ConnectError | undefined
  throttled = false
  /** Target partitions of this lane whose writes are being retried. */
  retryingTargets = 0
  lastTarget: TargetLane | undefined

  constructor(partition: SourcePartition, prefix: AckedLane<SourcePartition, SourceOffset, PendingPart>, entry: PartitionEntry) {
    this.partition = partition
    this.prefix = prefix
    this.entry = entry
  }
}

/** A target partition and the source partitions that are written to it. */
export class TargetLane {
  readonly topic: string
  readonly partition: number
  readonly sources = new Set<SourceLane>()
  retrying: ConnectError | undefined

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }
}

/**
 * Finds the state of a source or target partition. Sources that pass the same partition object each time are looked up by identity;
 * equal objects find the same lane through their key.
 */
export class LaneTable {
  readonly #partitions: TaskPartitions
  readonly #prefix: AckedPrefix<SourcePartition, SourceOffset, PendingPart>
  readonly #byObject = new WeakMap<SourcePartition, SourceLane>()
  readonly #byKey = new Map<string, SourceLane>()
  readonly #targets = new Map<string, TargetLane[]>()
  #last: { readonly object: SourcePartition; readonly lane: SourceLane } | undefined

  constructor(prefix: AckedPrefix<SourcePartition, SourceOffset, PendingPart>, partitions: TaskPartitions) {
    this.#prefix = prefix
    this.#partitions = partitions
  }

  source(partition: SourcePartition): SourceLane {
    if (this.#last?.object === partition) return this.#last.lane
    const lane = this.#byObject.get(partition) ?? this.#byEqual(partition)
    this.#last = { object: partition, lane }
    return lane
  }

  target(topic: string, partition: number): TargetLane {
    let lanes = this.#targets.get(topic)
    if (lanes === undefined) {
      lanes = []
      this.#targets.set(topic, lanes)
    }
    lanes[partition] ??= new TargetLane(topic, partition)
    return lanes[partition]
  }

  #byEqual(partition: SourcePartition): SourceLane {
    const key = partitionKey(partition)
    let lane = this.#byKey.get(key)
    if (lane === undefined) {
      lane = new SourceLane(partition, this.#prefix.lane(partition), this.#partitions.entry(partition))
      this.#byKey.set(key, lane)
    }
    this.#byObject.set(partition, lane)
    return lane
  }
}
