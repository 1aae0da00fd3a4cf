import type { ConnectError, SinkTask } from '../api/index.ts'
import { deferred, type Lifecycle } from '../flow/index.ts'
import { defaultClientSettings } from '../kafka/client-settings.ts'
import { Cluster } from '../kafka/cluster.ts'
import { KafkaReader } from '../kafka/reader/reader.ts'
import { besideSpan, openTracer } from '../telemetry/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { DeadLetterSettings } from './dead-letter-config.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'
import { toConnectError } from './errors.ts'
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
import { type HostedTask, type HostState, hostLifecycle, ownLogger, type TaskHost } from './task-host.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

export interface SinkTaskHostOptions extends HostedTask {
  readonly createTask: () => SinkTask
  readonly services: SinkServices
}

/** Of the graceful budget, the share kept back for the last commit and for closing. */
const CLOSING_SHARE = 0.4

/**
 * One run of one sink task: start → join the group → deliver → drain, last commit, leave → stop.
 * `stop` and an unexpected error drain within `gracefulTimeoutMs`, one budget for everything up to the end; `stopNow` and the end of the
 * budget wait for nothing. `run` never rejects: it resolves with the first error, if there was one.
 */
export class SinkTaskHost implements TaskHost {
  readonly recordErrors = new RecordErrorCounts()
  readonly #options: SinkTaskHostOptions
  readonly #lifecycle: Lifecycle<HostState>
  readonly #now = new AbortController()
  readonly #finished = deferred()
  readonly #ended = deferred()
  readonly #clusters: Cluster[] = []
  readonly #timers: NodeJS.Timeout[] = []
  #task: SinkTask | undefined
  #records: RecordPipeline | undefined
  #deadLetters: DeadLetterQueue | undefined
  #traces: SinkTraces | undefined
  #pipeline: SinkPipeline | undefined
  #committer: SinkCommitter | undefined
  #flusher: SinkFlusher | undefined
  #reader: KafkaReader | undefined
  #feed: SinkFeed | undefined
  #error: ConnectError | undefined
  #isStopping = false
  #isPaused = false
  #isBudgeted = false

  constructor(options: SinkTaskHostOptions) {
    this.#options = options
    this.#lifecycle = hostLifecycle(options.taskId)
  }

  get lifecycle(): Pick<Lifecycle<HostState>, 'state' | 'state$' | 'sinceMs'> {
    return this.#lifecycle
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

  async run(): Promise<ConnectError | undefined> {
    if (!this.#lifecycle.is('CREATED')) return this.#error
    this.#lifecycle.to('STARTING')
    try {
      if (await this.#start()) await this.#finished.promise
    } catch (error) {
      this.#onFailure(toConnectError(error, 'TASK_START_FAILED', 'start', this.#options.taskId))
    }
    await this.#close()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#lifecycle.to(this.#error === undefined ? 'STOPPED' : 'FAILED')
    this.#ended.resolve()
    return this.#error
  }

  async stop(budgetMs = this.#options.services.settings.gracefulTimeoutMs): Promise<void> {
    this.#isStopping = true
    if (this.#lifecycle.is('CREATED')) this.#lifecycle.to('STOPPED')
    if (this.#lifecycle.is('STOPPED', 'FAILED')) return
    this.#beginBudget(budgetMs)
    if (!this.#lifecycle.is('DRAINING')) this.#lifecycle.to('DRAINING')
    this.#finished.resolve()
    await this.#ended.promise
  }

  stopNow(): void {
    this.#isStopping = true
    this.#now.abort()
    this.#feed?.abandon()
    this.#pipeline?.abort()
    this.#finished.resolve()
    if (this.#lifecycle.is('CREATED')) this.#lifecycle.to('STOPPED')
  }

  /** False when a stop came first. */
  async #start(): Promise<boolean> {
    const { taskId, config, services, createTask } = this.#options
    this.#traces = this.#openTraces()
    const task = createTask()
    this.#task = task
    if (services.openPipeline !== undefined) {
      const records = await this.#opened('converters and transforms', services.openPipeline(ownLogger(this.#options)))
      if (records === ABORTED) return false
      this.#records = records
    }
    if (services.deadLetters !== undefined) {
      const deadLetters = await this.#opened('the dead-letter topic', this.#openDeadLetters(services.deadLetters))
      if (deadLetters === ABORTED) return false
      this.#deadLetters = deadLetters
    }
    const pipeline = this.#createPipeline(task)
    this.#pipeline = pipeline
    const context = sinkContext({
      taskId,
      config,
      logger: ownLogger(this.#options),
      pipeline,
      signal: this.#now.signal,
      seek: (lane, offset) => this.#feed?.seek(lane, offset),
      requestCommit: () => void this.#commitSoon(),
    })
    const started = task.start(context)
    if ((await untilAborted(started, this.#now.signal, error => this.#late('start()', error))) === ABORTED) return false
    if (this.#isStopping) return false
    this.#read(pipeline)
    this.#lifecycle.to('RUNNING')
    return true
  }

  /** What comes when nobody waits for it any more is closed at once. */
  async #opened<T extends { close(): Promise<void> }>(what: string, opening: Promise<T>) {
    const opened = await untilAborted(opening, this.#now.signal, error => this.#late(`opening ${what}`, error))
    if (opened === ABORTED) {
      void opening.then(late => late.close()).catch((error: unknown) => this.#late(`closing ${what}`, error))
    }
    return opened
  }

  #openDeadLetters(settings: DeadLetterSettings): Promise<DeadLetterQueue> {
    const { taskId, services, logger } = this.#options
    const client = services.deadLetterClient ?? services.client
    const options = { client, settings, taskId, counts: this.recordErrors, logger }
    return DeadLetterQueue.open(options, this.#now.signal)
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
      ...(this.#traces && { committing: () => this.#traces?.spans.committing() }),
      commit: async (positions, signal) => this.#feed?.commit(positions, signal) ?? [],
    })
    this.#committer = committer
    const events = sinkReaderEvents({
      taskId,
      offsetReset,
      logger,
      laneOf: partition => this.#feed?.laneOf(partition),
      failLane: (lane, error) => pipeline.failLane(lane, error),
    })
    const reader = new KafkaReader(this.#createCluster(), events, sinkReaderSettings(settings, services.client.rack))
    this.#reader = reader
    const cluster = this.#createCluster()
    this.#clusters.push(cluster)
    pipeline.start()
    this.#feed = new SinkFeed({ taskId, groupId, selection, settings, pipeline, committer, reader, cluster, logger })
    committer.start()
    this.#flusher = new SinkFlusher(pipeline, flushIntervalMs, error => this.#late('flush()', error))
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
    this.#beginBudget(this.#options.services.settings.gracefulTimeoutMs)
    this.#committer?.stop()
    this.#flusher?.stop()
    await this.#step('giving its partitions back', async () => this.#feed?.stop())
    if (this.#feed !== undefined) await this.#step('the end of its stream', async () => this.#pipeline?.complete())
    this.#pipeline?.abort()
    await this.#step('stop()', async () => this.#task?.stop?.())
    await this.#step('closing converters and transforms', async () => this.#records?.close())
    await this.#step('closing the dead-letter topic', async () => this.#deadLetters?.close())
    const closing = [this.#reader?.close(), ...this.#clusters.map(cluster => cluster.close())]
    await this.#step('closing the connections', async () => void (await Promise.all(closing)))
  }

  /** A failure of a closing step is logged only; the deadline ends the waiting, not the step. */
  async #step(name: string, job: () => Promise<void>): Promise<void> {
    const { logger, taskId } = this.#options
    try {
      const outcome = await untilAborted(job(), this.#now.signal, error => this.#late(name, error))
      if (outcome === ABORTED) logger.debug({ step: name }, `Task ${taskId}: no waiting for ${name}`)
    } catch (error) {
      logger.warn({ error }, `Task ${taskId}: ${name} failed while stopping`)
    }
  }

  /** The first call counts: one budget for the whole of the stop. */
  #beginBudget(budgetMs: number): void {
    if (this.#isBudgeted) return
    this.#isBudgeted = true
    this.#timers.push(setTimeout(() => this.#feed?.hurry(), budgetMs * (1 - CLOSING_SHARE)))
    this.#timers.push(setTimeout(() => this.stopNow(), budgetMs))
  }

  #onFailure(error: ConnectError): void {
    const { logger, taskId } = this.#options
    if (this.#isStopping) {
      logger.warn({ error, code: error.code }, `Task ${taskId} met an error while it was stopping: ${error.message}`)
    } else {
      this.#error = error
      besideSpan(this.#traces?.spans.taskFailed(error), () =>
        logger.error({ error, code: error.code }, `Task ${taskId} failed: ${error.message}`),
      )
    }
    this.#finished.resolve()
  }

  #late(what: string, error: unknown): void {
    this.#options.logger.debug({ error }, `Task ${this.#options.taskId}: ${what} ended with an error after the task had stopped`)
  }
}
