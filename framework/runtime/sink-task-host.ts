import type { ConnectError, SinkTask } from '../api/index.ts'
import { deferred } from '../flow/index.ts'
import { defaultClientSettings } from '../kafka/client-settings.ts'
import { Cluster } from '../kafka/cluster.ts'
import { KafkaReader } from '../kafka/reader/reader.ts'
import { besideSpan, openTracer } from '../telemetry/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { DeadLetterSettings } from './dead-letter-config.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'
import { RecordErrorCounts } from './record-errors.ts'
import { SinkCommitter } from './sink-committer.ts'
import { sinkContext } from './sink-context.ts'
import { SinkFeed } from './sink-feed.ts'
import { SinkFlusher } from './sink-flusher.ts'
import { SinkPipeline } from './sink-pipeline.ts'
import { sinkReaderEvents } from './sink-reader-events.ts'
import type { SinkServices } from './sink-services.ts'
import { sinkReaderSettings } from './sink-settings.ts'
import { sinkStage } from './sink-stage.ts'
import { SinkTraces } from './sink-traces.ts'
import type { Failure } from './status.ts'
import { type HostedTask, ownLogger, type TaskHost } from './task-host.ts'
import { TaskLife } from './task-life.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

export interface SinkTaskHostOptions extends HostedTask {
  readonly createTask: () => SinkTask
  readonly services: SinkServices
}

/** Of the graceful budget, the share kept back for the last commit and for closing. */
const CLOSING_SHARE = 0.4

/** One run of one sink task: start → join the group → deliver → drain, last commit, leave → stop. */
export class SinkTaskHost implements TaskHost {
  readonly recordErrors = new RecordErrorCounts()
  readonly #options: SinkTaskHostOptions
  readonly #life: TaskLife
  readonly #finished = deferred()
  readonly #clusters: Cluster[] = []
  #task: SinkTask | undefined
  #records: RecordPipeline | undefined
  #deadLetters: DeadLetterQueue | undefined
  #traces: SinkTraces | undefined
  #pipeline: SinkPipeline | undefined
  #committer: SinkCommitter | undefined
  #flusher: SinkFlusher | undefined
  #reader: KafkaReader | undefined
  #feed: SinkFeed | undefined
  #isPaused = false

  constructor(options: SinkTaskHostOptions) {
    this.#options = options
    this.#life = new TaskLife({
      ...options,
      gracefulTimeoutMs: options.services.settings.gracefulTimeoutMs,
      closingShare: CLOSING_SHARE,
      work: () => this.#work(),
      close: () => this.#close(),
      drain: () => this.#finished.resolve(),
      hurry: () => this.#feed?.hurry(),
      giveUp: () => this.#giveUp(),
      onFailure: error => this.#onFailure(error),
      spanOf: error => this.#traces?.spans.taskFailed(error),
    })
  }

  get lifecycle(): TaskHost['lifecycle'] {
    return this.#life.lifecycle
  }

  get commitFailures(): number {
    return this.#committer?.failures ?? 0
  }

  get commitFailure(): Failure | undefined {
    return this.#committer?.failure
  }

  get lastCommitMs(): number {
    return this.#committer?.lastCommitMs ?? 0
  }

  get usedBytes(): number {
    return this.#pipeline?.heldBytes ?? 0
  }

  get windowBytes(): number {
    return this.#options.services.settings.windowBytes
  }

  /** Of the consumer group; -1 = not a member at present. */
  get generationId(): number {
    return this.#feed?.generationId ?? -1
  }

  /** Delivers nothing until `resume`, and keeps partitions and membership. */
  pause(): void {
    this.#isPaused = true
    this.#pipeline?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#pipeline?.resume()
  }

  run(): Promise<ConnectError | undefined> {
    return this.#life.run()
  }

  stop(budgetMs?: number): Promise<void> {
    return this.#life.stop(budgetMs)
  }

  stopNow(): void {
    this.#life.stopNow()
  }

  #giveUp(): void {
    this.#feed?.abandon()
    this.#pipeline?.abort()
    this.#finished.resolve()
  }

  async #work(): Promise<void> {
    const pipeline = await this.#start()
    if (this.#life.isStopping || pipeline === ABORTED) return
    this.#read(pipeline)
    this.#life.running()
    await this.#finished.promise
  }

  async #start(): Promise<SinkPipeline | typeof ABORTED> {
    const { taskId, config, services, createTask } = this.#options
    this.#traces = this.#openTraces()
    const task = createTask()
    this.#task = task
    if (services.openPipeline !== undefined) {
      const records = await this.#life.opened('converters and transforms', services.openPipeline(ownLogger(this.#options)))
      if (records === ABORTED) return ABORTED
      this.#records = records
    }
    if (services.deadLetters !== undefined) {
      const deadLetters = await this.#life.opened('the dead-letter topic', this.#openDeadLetters(services.deadLetters))
      if (deadLetters === ABORTED) return ABORTED
      this.#deadLetters = deadLetters
    }
    const pipeline = this.#createPipeline(task)
    this.#pipeline = pipeline
    const context = sinkContext({
      taskId,
      config,
      logger: ownLogger(this.#options),
      pipeline,
      signal: this.#life.signal,
      seek: (lane, offset) => this.#feed?.seek(lane, offset),
      requestCommit: () => void this.#commitSoon(),
    })
    await untilAborted(task.start(context), this.#life.signal, error => this.#life.late('start()', error))
    return pipeline
  }

  #openDeadLetters(settings: DeadLetterSettings): Promise<DeadLetterQueue> {
    const { taskId, services, logger } = this.#options
    const client = services.deadLetterClient ?? services.client
    const options = { client, settings, taskId, counts: this.recordErrors, logger }
    return DeadLetterQueue.open(options, this.#life.signal)
  }

  #openTraces(): SinkTraces | undefined {
    const { taskId, services, logger } = this.#options
    const { trace, groupId } = services
    const tracer = trace && openTracer()
    return trace && tracer && new SinkTraces({ tracer, taskId, logger, trace, groupId })
  }

  #createPipeline(task: SinkTask): SinkPipeline {
    const { taskId, services, partitions, logger } = this.#options
    const pipeline = new SinkPipeline({
      ...services.settings,
      taskId,
      task,
      partitions,
      stage: sinkStage({
        taskId,
        pipeline: this.#records,
        errors: services.errors,
        deadLetters: this.#deadLetters,
        counts: this.recordErrors,
        logger,
      }),
      ...(this.#traces && { traces: this.#traces }),
      logger,
      steer: (lane, reading) => this.#feed?.steer(lane, reading),
      onFailure: error => this.#onFailure(error),
      onPartitionFailed: (lane, error) => {
        this.#feed?.ignore(lane)
        const fields = { error, code: error.code, partition: lane.name }
        besideSpan(lane.entry.events.span, () =>
          logger.error(fields, `Task ${taskId}: ${lane.name} failed, other partitions go on: ${error.message}`),
        )
      },
    })
    if (this.#isPaused) pipeline.pause()
    return pipeline
  }

  #read(pipeline: SinkPipeline): void {
    const { taskId, services, logger } = this.#options
    const { groupId, selection, settings } = services
    const { flushTimeoutMs, flushIntervalMs, commitIntervalMs, offsetReset } = settings
    const committer = new SinkCommitter({
      taskId,
      logger,
      intervalMs: commitIntervalMs,
      timeoutMs: flushTimeoutMs,
      lanes: () => [...pipeline.lanes],
      committing: () => this.#options.partitions.totals.commits.begun(this.#traces?.spans.committing()),
      commit: async (positions, signal) => this.#feed?.commit(positions, signal) ?? [],
    })
    this.#committer = committer
    const events = sinkReaderEvents({
      taskId,
      offsetReset,
      isolation: settings.isolation,
      logger,
      laneOf: partition => this.#feed?.laneOf(partition),
      failLane: (lane, error) => pipeline.failLane(lane, error),
    })
    const reader = new KafkaReader(this.#createCluster(), events, sinkReaderSettings(settings, services.client.rack))
    this.#reader = reader
    const cluster = this.#createCluster()
    this.#clusters.push(cluster)
    pipeline.start()
    const { totals } = this.#options.partitions
    this.#feed = new SinkFeed({ taskId, groupId, selection, settings, pipeline, committer, totals, reader, cluster, logger })
    committer.start()
    this.#flusher = new SinkFlusher(pipeline, flushIntervalMs, error => this.#life.late('flush()', error))
  }

  #createCluster(): Cluster {
    const { services, taskId, logger } = this.#options
    return new Cluster({ ...defaultClientSettings, clientId: `connector-consumer-${taskId}`, ...services.client }, logger)
  }

  async #commitSoon(): Promise<void> {
    const { flushTimeoutMs } = this.#options.services.settings
    await this.#committer?.commit([...(this.#pipeline?.lanes ?? [])], AbortSignal.timeout(flushTimeoutMs))
  }

  async #close(): Promise<void> {
    this.#committer?.stop()
    this.#flusher?.stop()
    await this.#life.step('giving its partitions back', async () => this.#feed?.stop())
    if (this.#feed !== undefined) await this.#life.step('the end of its stream', async () => this.#pipeline?.complete())
    this.#pipeline?.abort()
    await this.#life.step('stop()', async () => this.#task?.stop?.())
    await this.#life.step('closing converters and transforms', async () => this.#records?.close())
    await this.#life.step('closing the dead-letter topic', async () => this.#deadLetters?.close())
    const closing = [this.#reader?.close(), ...this.#clusters.map(cluster => cluster.close())]
    await this.#life.step('closing the connections', async () => void (await Promise.all(closing)))
  }

  #onFailure(error: ConnectError): void {
    if (this.#life.isStopping) this.#life.alsoFailed(error)
    else this.#life.fail(error)
    this.#finished.resolve()
  }
}
