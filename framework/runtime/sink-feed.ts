import type { CloseReason, ConnectError, Logger, SinkPartition, SourcePartition } from '../api/index.ts'
import { Background } from '../flow/index.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { Assignor } from '../kafka/consumer-group/assignor.ts'
import { cooperativeSticky } from '../kafka/consumer-group/cooperative-sticky.ts'
import type { GroupPosition } from '../kafka/consumer-group/offsets.ts'
import type { ConsumerGroupListener, TopicSelection } from '../kafka/consumer-group/options.ts'
import { range } from '../kafka/consumer-group/range.ts'
import { startPositions } from '../kafka/consumer-group/start-positions.ts'
import type { TopicPartition } from '../kafka/consumer-group/wire.ts'
import { ConsumerGroup } from '../kafka/consumer-group.ts'
import type { Fetched } from '../kafka/reader/fetched.ts'
import { listLogSpans } from '../kafka/reader/log-spans.ts'
import type { ReadPartition } from '../kafka/reader/partition.ts'
import type { KafkaReader } from '../kafka/reader/reader.ts'
import { Rebalances } from '../telemetry/metrics/index.ts'
import { toConnectError } from './errors.ts'
import { LagWatch } from './lag-watch.ts'
import type { SinkCommitter } from './sink-committer.ts'
import type { SinkLane } from './sink-lane.ts'
import type { SinkPipeline } from './sink-pipeline.ts'
import type { AssignorName, SinkTaskSettings } from './sink-settings.ts'
import type { TaskTotals } from './task-totals.ts'

export interface SinkFeedOptions {
  readonly taskId: string
  readonly groupId: string
  readonly selection: TopicSelection
  readonly settings: SinkTaskSettings
  readonly pipeline: SinkPipeline
  readonly committer: SinkCommitter
  readonly totals: TaskTotals
  readonly reader: KafkaReader
  /** For the group; stays the caller's. */
  readonly cluster: Cluster
  readonly logger: Logger
}

const ASSIGNORS: Readonly<Record<AssignorName, Assignor>> = { range, 'cooperative-sticky': cooperativeSticky }
/** Of the time a rebalance waits for us. */
const DRAIN_SHARE = 0.75

/** Feeds a sink's pipeline with what its consumer group assigns: reads from where the group has committed, and drains and commits what is taken away. */
export class SinkFeed implements ConsumerGroupListener {
  readonly #options: SinkFeedOptions
  readonly #group: ConsumerGroup
  readonly #reading = new Map<SinkLane, ReadPartition>()
  readonly #laneOf = new Map<ReadPartition, SinkLane>()
  /** Where the task wants to begin, before its partition is read. */
  readonly #sought = new WeakMap<SinkLane, number>()
  /** No new partitions, no more records. */
  readonly #stopping = new AbortController()
  /** No waiting for the task any more. */
  readonly #hurrying = new AbortController()
  readonly #background: Background
  readonly #lag: LagWatch

  /** Joins the group at once. */
  constructor(options: SinkFeedOptions) {
    const { cluster, groupId, selection, settings, taskId, pipeline, totals, logger } = options
    this.#options = options
    this.#background = new Background(error => pipeline.fail(toConnectError(error, 'TASK_FAILED', 'poll', taskId)))
    const assignors = settings.assignors.map(name => ASSIGNORS[name])
    const rebalances = new Rebalances()
    totals.rebalances = rebalances
    this.#group = new ConsumerGroup(cluster, { ...settings, groupId, selection, assignors, rebalances }, this)
    this.#lag = new LagWatch({
      entries: () => [...pipeline.lanes].map(({ entry }) => entry),
      reading: () => entry => this.#isRead(sinkPartition(entry.partition)),
      spans: partitions => listLogSpans(cluster, partitions.map(sinkPartition), settings.isolation),
      logger,
    })
    this.#lag.start()
    this.#background.run(`reading for ${taskId}`, () => this.#read())
  }

  /** -1 = not a member at present. */
  get generationId(): number {
    return this.#group.generationId
  }

  laneOf(partition: ReadPartition): SinkLane | undefined {
    return this.#laneOf.get(partition)
  }

  commit(positions: readonly GroupPosition[], signal: AbortSignal): Promise<readonly GroupPosition[]> {
    return this.#group.commit(positions, signal)
  }

  steer(lane: SinkLane, reading: 'on' | 'off'): void {
    const partition = this.#reading.get(lane)
    if (partition === undefined) return
    if (reading === 'on') this.#options.reader.resume(partition)
    else this.#options.reader.pause(partition)
  }

  /** Reads a lane from another place. */
  seek(lane: SinkLane, offset: number): void {
    const wasReading = this.#reading.has(lane)
    this.ignore(lane)
    this.#sought.set(lane, offset)
    if (wasReading) this.#begin(lane, { offset, leaderEpoch: -1 })
  }

  /** Reads no more of a lane. */
  ignore(lane: SinkLane): void {
    const partition = this.#reading.get(lane)
    if (partition === undefined) return
    this.#options.reader.remove(partition)
    this.#reading.delete(lane)
    this.#laneOf.delete(partition)
  }

  /** Drains, commits, closes the task's partitions, leaves the group. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#lag.stop()
    await this.#group.leave()
    await this.#background.settled()
  }

  /** A stop or rebalance under way waits for the task no longer. */
  hurry(): void {
    this.#hurrying.abort()
  }

  /** Leaves without a last commit. */
  abandon(): void {
    this.#stopping.abort()
    this.#lag.stop()
    this.hurry()
    this.#group.abandon()
  }

  async assigned(partitions: readonly TopicPartition[]): Promise<void> {
    const { cluster, groupId, settings, pipeline, taskId } = this.#options
    const { signal } = this.#stopping
    try {
      const committed = await this.#group.committed(partitions, signal)
      const options = { groupId, reset: settings.offsetReset, isolation: settings.isolation }
      const starts = await startPositions(cluster, partitions, committed, options, signal)
      const lanes = await pipeline.open(starts)
      for (const [i, lane] of lanes.entries()) this.#begin(lane, starts[i]!)
    } catch (error) {
      if (!signal.aborted) pipeline.fail(toConnectError(error, 'TASK_FAILED', 'start', taskId))
    }
  }

  async revoked(partitions: readonly TopicPartition[]): Promise<void> {
    const { settings, pipeline, committer, taskId, logger } = this.#options
    const isStopping = this.#stopping.signal.aborted
    const lanes = this.#lanesOf(partitions)
    for (const lane of lanes) this.ignore(lane)
    const signal = AbortSignal.any([this.#hurrying.signal, AbortSignal.timeout(settings.rebalanceTimeoutMs * DRAIN_SHARE)])
    await pipeline.drain(lanes, signal)
    const given = lanes.filter(({ unsettled }) => unsettled > 0).map(({ name }) => name)
    if (given.length > 0) {
      const message = `Task ${taskId} is not done with what it has of ${given.join(', ')}: the next owner is given it again`
      logger.warn({ partitions: given }, message)
    }
    await committer.commit(lanes, AbortSignal.timeout(settings.flushTimeoutMs))
    const reason: CloseReason = isStopping ? 'stopped' : 'revoked'
    await pipeline.close(lanes, reason, signal)
  }

  async lost(partitions: readonly TopicPartition[]): Promise<void> {
    const lanes = this.#lanesOf(partitions)
    for (const lane of lanes) this.ignore(lane)
    await this.#options.pipeline.close(lanes, 'lost', this.#hurrying.signal)
  }

  failed(error: ConnectError): void {
    this.#options.pipeline.fail(error)
  }

  #begin(lane: SinkLane, { offset, leaderEpoch }: { readonly offset: number; readonly leaderEpoch: number }): void {
    const sought = this.#sought.get(lane)
    this.#sought.delete(lane)
    if (lane.state !== 'open' || this.#stopping.signal.aborted) return
    const start = sought === undefined ? { offset, leaderEpoch } : { offset: sought, leaderEpoch: -1 }
    const { topic, partition } = lane
    const [read] = this.#options.reader.add([
      { topic, partition, offset: start.offset, ...(start.leaderEpoch < 0 ? {} : { leaderEpoch: start.leaderEpoch }) },
    ])
    if (read === undefined) return
    this.#reading.set(lane, read)
    this.#laneOf.set(read, lane)
    if (lane.isPaused || lane.isThrottled) this.#options.reader.pause(read)
  }

  #isRead(partition: SinkPartition): boolean {
    const lane = this.#options.pipeline.lanes.find(partition)
    return lane !== undefined && this.#reading.has(lane) && !lane.isPaused && !lane.isThrottled
  }

  #lanesOf(partitions: readonly TopicPartition[]): readonly SinkLane[] {
    return partitions.flatMap(partition => this.#options.pipeline.lanes.find(partition) ?? [])
  }

  async #read(): Promise<void> {
    const { pipeline, reader } = this.#options
    const { signal } = this.#stopping
    for (;;) {
      await pipeline.room()
      const fetched = signal.aborted ? null : await reader.next(signal)
      if (fetched === null) return
      this.#take(fetched)
    }
  }

  #take({ runs, memory, requestedAt, receivedAt }: Fetched): void {
    if (runs.length > 0) this.#options.totals.fetched({ requestedAt, receivedAt })
    for (const run of runs) {
      const lane = this.#laneOf.get(run.partition)
      if (lane !== undefined) this.#options.pipeline.take(lane, run, { requestedAt, receivedAt })
      for (let i = 0; i < run.batches.length; i++) memory.release()
    }
  }
}

function sinkPartition({ topic, partition }: SourcePartition): SinkPartition {
  return { topic: String(topic), partition: Number(partition) }
}
