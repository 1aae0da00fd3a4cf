import type { SpanContext } from '@opentelemetry/api'
import type { ConnectError, EncodedRecords, SourceOffset, SourcePart, SourcePartition } from '../api/index.ts'
import type { AckEntry, AckedLane, AckedPrefix } from '../flow/index.ts'
import { partitionKey } from '../storage/partition-key.ts'
import type { PartitionEntry } from './partition-entry.ts'
import type { TaskPartitions } from './partition-registry.ts'
import type { BatchTimes } from './source-traces.ts'

/** A part between its arrival and the passing of the acknowledged prefix; the token given to the writer. */
export class PendingPart implements AckEntry<SourceOffset> {
  readonly lane: SourceLane
  /** Undefined where nobody asks for it: what a part holds in values weighs several times its batches. */
  readonly part: SourcePart | undefined
  readonly offset: SourceOffset
  readonly bytes: number
  /** What was sent of it. */
  readonly records: number
  /** In milliseconds of `performance.now()`. */
  readonly sentAtMs: number
  state: 'waiting' | 'acked' | 'refused' = 'waiting'
  /** Encoded batches the writer has not resolved yet. */
  unresolved: number
  /** Those of its records that the target will never take are passed over. */
  mayLeaveOut = false
  /** Why one of them never will be written. */
  refusal: ConnectError | undefined
  topic = ''
  partition = -1
  baseOffset = -1
  count = 0
  /** For its spans; undefined = nobody makes any. Times are milliseconds of `performance.now()`. */
  times: BatchTimes | undefined
  /** 0 = it was not made into anything else. */
  encodeAt = 0
  /** To be traced whatever becomes of it. */
  isChosen = false
  /** Once it is traced. */
  span: SpanContext | undefined

  constructor(
    lane: SourceLane,
    offset: SourceOffset,
    part: SourcePart | undefined,
    batches: readonly EncodedRecords[],
    sentAtMs: number,
  ) {
    this.lane = lane
    this.part = part
    this.offset = offset
    let bytes = 0
    let records = 0
    for (let i = 0; i < batches.length; i++) {
      bytes += batches[i]!.bytes.length
      records += batches[i]!.count
    }
    this.bytes = bytes
    this.records = records
    this.sentAtMs = sentAtMs
    this.unresolved = batches.length
  }

  /** One of its batches is written. */
  written(topic: string, partition: number, baseOffset: number, count: number): void {
    if (this.count === 0) {
      this.topic = topic
      this.partition = partition
      this.baseOffset = baseOffset
    } else {
      this.baseOffset = -1
    }
    this.count += count
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
  /** How many of the partition's events have been told by a span. */
  tracedEvents: number

  constructor(partition: SourcePartition, prefix: AckedLane<SourcePartition, SourceOffset, PendingPart>, entry: PartitionEntry) {
    this.partition = partition
    this.prefix = prefix
    this.entry = entry
    this.tracedEvents = entry.events.count
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

  /** Where a batch goes, if that is not where the lane's last one went. */
  newTarget(lane: SourceLane, { topic, partition }: EncodedRecords): TargetLane | undefined {
    const last = lane.lastTarget
    if (last !== undefined && last.partition === partition && last.topic === topic) return undefined
    lane.lastTarget = this.target(topic, partition)
    return lane.lastTarget
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
