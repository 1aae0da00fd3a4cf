import { defer, mergeMap, type Observable } from 'rxjs'
import {
  ConnectError,
  type Demand,
  type SourceAck,
  type SourceBatch,
  type SourcePart,
  type SourcePartition,
  SourceTask,
  type SourceTaskContext,
} from '../../../framework/api/index.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import type { Fetched, FetchedRun } from '../../../framework/kafka/reader/fetched.ts'
import type { ReadPartition } from '../../../framework/kafka/reader/partition.ts'
import { KafkaReader } from '../../../framework/kafka/reader/reader.ts'
import type { RuntimeTaskContext } from '../../../framework/runtime/index.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { offsetSyncsCluster, parseSourceTaskConfig, sourceTaskClients } from '../config/index.ts'
import type { FlowObservations } from '../observe/flow-observations.ts'
import { offsetMapTopic } from '../offset-map/offset-map-topic.ts'
import type { CopiedOffsets } from '../offset-syncs/copied-offsets.ts'
import { openCopiedOffsets } from '../offset-syncs/open-copied-offsets.ts'
import { lossEvents } from './losses.ts'
import { MirrorPart, MirrorRecords } from './mirror-records.ts'
import { MirroredPartition } from './mirrored-partition.ts'
import { parseTopicPartition, sourceOffset, sourcePartition } from './source-position.ts'
import { startPositions } from './start-positions.ts'

const EMPTY: SourceBatch = { parts: [] }
/** Of the time to stop in, for the last pairs of offsets. */
const LAST_OFFSETS_MS = 2_000

/**
 * Copies its assigned partitions as record batches: `task.assigned.partitions` says which. One demand is answered by one fetch response.
 */
export class MirrorSourceTask extends SourceTask {
  readonly #policy: ReplicationPolicy
  readonly #observations: FlowObservations
  readonly #bySource = new Map<SourcePartition, MirroredPartition>()
  readonly #byRead = new Map<ReadPartition, MirroredPartition>()
  /** Parts that tell of a new start, to go out with the next batch. */
  #restarts: SourcePart[] = []
  #context: RuntimeTaskContext | null = null
  #reader: KafkaReader | null = null
  /** Null = emit.offset-syncs.enabled is false. */
  #offsets: CopiedOffsets | null = null

  constructor(policy: ReplicationPolicy, observations: FlowObservations) {
    super()
    this.#policy = policy
    this.#observations = observations
  }

  async start(runtime: SourceTaskContext): Promise<void> {
    const { logger } = runtime
    const context: RuntimeTaskContext = {
      ...(runtime as RuntimeTaskContext),
      logger: inComponent(logger, 'isthmus.mirror.source'),
    }
    const config = parseSourceTaskConfig(context.config)
    const clients = sourceTaskClients(context.config)
    const { client, reader, autoOffsetReset } = clients.consumer
    const alias = config['source.cluster.alias']
    if (config['emit.offset-syncs.enabled']) {
      this.#offsets = openCopiedOffsets({
        syncsTopic: this.#policy.offsetSyncsTopic(offsetSyncsCluster(config).aliasInName),
        syncsClient: clients.offsetSyncsProducer.client,
        mapTopic: offsetMapTopic(alias),
        mapClient: clients.offsetMap,
        maxOffsetLag: config['offset.lag.max'],
        logger: context.logger,
        runs: this.#observations.runs,
        taskId: context.taskId,
      })
    }
    const partitions = (config['task.assigned.partitions'] ?? []).map(text => {
      const { topic, partition } = parseTopicPartition(text)
      const source = sourcePartition(alias, topic, partition)
      const target = this.#policy.formatRemoteTopic(alias, topic)
      const copied = this.#offsets?.add(topic, partition) ?? null
      return new MirroredPartition(
        source,
        target,
        context.partitions.entry(source),
        reader.isolation === 'read_committed',
        copied,
      )
    })
    this.#offsets?.start()
    for (const partition of partitions) this.#bySource.set(partition.sourcePartition, partition)
    this.#context = context
    this.#reader = new KafkaReader(
      new Cluster(client, context.logger),
      {
        ...lossEvents({
          onLoss: config['isthmus.source.gap'] === 'fail' ? 'fail' : 'continue',
          logger: context.logger,
          partitionOf: read => this.#of(read),
          fail: (partition, error) => this.#fail(partition, error),
          restartAt: (partition, offset) => this.#restartAt(partition, offset),
        }),
        retrying: (read, cause) => this.#of(read).retrying(cause),
        flowing: read => this.#of(read).flowing(),
        failed: (read, error) => this.#fail(this.#of(read), error),
        measured: read => this.#of(read).measured(),
      },
      reader,
    )
    await this.#begin(partitions, autoOffsetReset)
  }

  async #begin(partitions: readonly MirroredPartition[], autoOffsetReset: 'earliest' | 'latest' | 'none'): Promise<void> {
    const { context, reader } = this.#running()
    const stored = await context.offsets(partitions.map(({ sourcePartition }) => sourcePartition))
    const starts = await startPositions(reader.cluster, partitions, stored, {
      autoOffsetReset,
      signal: context.signal,
      fail: (partition, error) => this.#fail(partition, error),
    })
    const started = [...starts.keys()]
    reader.add([...starts.values()]).forEach((read, i) => {
      const partition = started[i] as MirroredPartition
      partition.begin(read)
      this.#byRead.set(read, partition)
      if (partition.copied !== null) this.#offsets?.begin(partition.copied, read.offset)
    })
  }

  batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    return demand$.pipe(mergeMap(demand => defer(() => this.#answer(demand))))
  }

  async #answer(demand: Demand): Promise<SourceBatch> {
    const fetched = await this.#running().reader.next(demand.signal)
    const restarts = this.#restarts
    this.#restarts = []
    if (fetched === null) return restarts.length === 0 ? EMPTY : { parts: restarts }
    const parts: SourcePart[] = restarts
    for (const run of fetched.runs) this.#addParts(parts, run, fetched)
    return { parts, requestedAt: fetched.requestedAt, receivedAt: fetched.receivedAt }
  }

  #addParts(parts: SourcePart[], run: FetchedRun, { memory, receivedAt }: Fetched): void {
    const partition = this.#of(run.partition)
    const { sourcePartition, targetTopic, label } = partition
    const { topicId } = run
    let lastOffset = -1
    for (const batch of run.batches) {
      lastOffset = batch.lastOffset
      const offset = sourceOffset({ offset: lastOffset, topicId, leaderEpoch: batch.leaderEpoch })
      const records = new MirrorRecords(targetTopic, partition.partition, batch, label, memory)
      const part = new MirrorPart(sourcePartition, offset, records, receivedAt)
      partition.delivered(part)
      parts.push(part)
    }
    if (lastOffset + 1 >= run.nextOffset) return
    partition.delivered(null)
    parts.push({
      sourcePartition,
      sourceOffset: sourceOffset({ offset: run.nextOffset - 1, topicId, leaderEpoch: run.leaderEpoch }),
      records: [],
    })
  }

  /** Where a transform has dropped records or sent them elsewhere, it is not known where each of the part's stands. */
  override acknowledged({ part, topic, partition: at, baseOffset, count }: SourceAck): void {
    const partition = this.#bySource.get(part.sourcePartition)
    const nextOffset = (part.sourceOffset.offset as number) + 1
    const records = part instanceof MirrorPart ? part.records : null
    records?.release()
    partition?.acknowledged(nextOffset, part instanceof MirrorPart ? part : null)
    if (this.#offsets === null || !partition?.copied) return
    const isWhole = records?.count === count && topic === partition.targetTopic && at === partition.partition
    const target = isWhole ? baseOffset : -1
    this.#offsets.acknowledged(partition.copied, nextOffset, part.sourceOffset.topicId as string | null, records, target)
  }

  /** Before offsets are stored, so that no crash leaves the map behind them. */
  override async commit(signal: AbortSignal): Promise<void> {
    for (const { copied, read } of this.#bySource.values()) {
      if (copied !== null && read !== null) copied.map.runs.prune(read.logStartOffset)
    }
    await this.#offsets?.commit(signal)
  }

  override refused(sourcePartition: SourcePartition): void {
    const read = this.#bySource.get(sourcePartition)?.read
    if (read) this.#reader?.remove(read)
  }

  override throttle(sourcePartition: SourcePartition, state: 'paused' | 'resumed'): void {
    const read = this.#bySource.get(sourcePartition)?.read
    if (!read) return
    if (state === 'paused') this.#reader?.pause(read)
    else this.#reader?.resume(read)
  }

  override async stop(): Promise<void> {
    await Promise.all([this.#reader?.close(), this.#offsets?.stop(AbortSignal.timeout(LAST_OFFSETS_MS))])
  }

  /** A new start is stored at once, so that a restart before the first new record does not count the loss again. */
  #restartAt(partition: MirroredPartition, resumeOffset: number): void {
    const topicId = partition.read?.topicId ?? null
    partition.movedTo(resumeOffset)
    partition.delivered(null)
    this.#restarts.push({
      sourcePartition: partition.sourcePartition,
      sourceOffset: sourceOffset({ offset: resumeOffset - 1, topicId, leaderEpoch: -1 }),
      records: [],
    })
  }

  #fail(partition: MirroredPartition, error: ConnectError): void {
    this.#running().context.partitionFailed(partition.sourcePartition, error)
  }

  #of(read: ReadPartition): MirroredPartition {
    const partition = this.#byRead.get(read)
    if (partition === undefined) {
      throw new ConnectError('INTERNAL', `${read.name} is read but not assigned`, { kind: 'fatal', stage: 'poll' })
    }
    return partition
  }

  #running(): { readonly context: RuntimeTaskContext; readonly reader: KafkaReader } {
    const [context, reader] = [this.#context, this.#reader]
    if (context === null || reader === null) {
      throw new ConnectError('INTERNAL', 'the task is not started', { kind: 'fatal', stage: 'poll' })
    }
    return { context, reader }
  }
}
