import { ConnectError, type SinkPartition } from '../api/index.ts'
import type { TaskPartitions } from './partition-registry.ts'
import type { SinkPosition } from './sink-batch.ts'
import { SinkLane } from './sink-lane.ts'
import type { SinkTraces } from './sink-traces.ts'

/** The partitions that a sink task has now. */
export class SinkLanes implements Iterable<SinkLane> {
  readonly #lanes = new Map<string, SinkLane>()
  readonly #partitions: TaskPartitions

  readonly #traces: SinkTraces | undefined

  /** @param traces undefined = nothing is traced */
  constructor(partitions: TaskPartitions, traces?: SinkTraces) {
    this.#partitions = traces?.watching(partitions) ?? partitions
    this.#traces = traces
  }

  [Symbol.iterator](): IterableIterator<SinkLane> {
    return this.#lanes.values()
  }

  get size(): number {
    return this.#lanes.size
  }

  get partitions(): readonly SinkPartition[] {
    return [...this.#lanes.values()].map(partitionOf)
  }

  /** Bytes of batches that are not settled. */
  get heldBytes(): number {
    let bytes = 0
    for (const lane of this.#lanes.values()) bytes += lane.heldBytes
    return bytes
  }

  /** Reports under way of records that the task could not take, of partitions that are read. */
  get reports(): number {
    let reports = 0
    for (const lane of this.#lanes.values()) if (lane.state === 'open') reports += lane.reports.size
    return reports
  }

  add({ topic, partition }: SinkPartition, start: SinkPosition): SinkLane {
    const entry = this.#partitions.entry({ topic, partition })
    entry.starting()
    entry.lagsFrom(start.offset)
    const lane = new SinkLane({ topic, partition }, start, entry, this.#traces)
    this.#lanes.set(lane.name, lane)
    return lane
  }

  remove(lane: SinkLane): void {
    if (this.#lanes.get(lane.name) === lane) this.#lanes.delete(lane.name)
  }

  find({ topic, partition }: SinkPartition): SinkLane | undefined {
    return this.#lanes.get(`${topic}-${partition}`)
  }

  /** Throws `ConnectError` NOT_ASSIGNED. */
  get(partition: SinkPartition): SinkLane {
    const lane = this.find(partition)
    if (lane !== undefined) return lane
    const message = `${partition.topic}-${partition.partition} is not assigned to this task at present: look at context.assignment`
    throw new ConnectError('NOT_ASSIGNED', message, { kind: 'fatal', stage: 'deliver' })
  }
}

export const partitionOf = ({ topic, partition }: SinkPartition): SinkPartition => ({ topic, partition })
