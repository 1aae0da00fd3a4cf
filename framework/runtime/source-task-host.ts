import type { ConnectError, SourcePartition, SourceTask, SourceTaskContext } from '../api/index.ts'
import { deferred, type Lifecycle } from '../flow/index.ts'
import { besideSpan, openTracer } from '../telemetry/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import { toConnectError } from './errors.ts'
import { OffsetCommitter } from './offset-committer.ts'
import type { RecordStage } from './part-encoder.ts'
import type { PartWriter } from './part-writer.ts'
import { PartitionLog } from './partition-log.ts'
import type { TaskPartitions } from './partition-registry.ts'
import { defaultRecordErrorSettings, RecordErrorCounts } from './record-errors.ts'
import type { PendingPart } from './source-lane.ts'
import { SourceTaskRunner } from './source-task-runner.ts'
import { SourceTraces } from './source-traces.ts'
import type { Failure } from './status.ts'
import { type HostedTask, type HostState, hostLifecycle, ownLogger, type TaskHost } from './task-host.ts'
import type { TaskServices } from './task-services.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

/** Of the graceful budget, the share kept back for the last commit and for closing. */
const CLOSING_SHARE = 0.2

const LOGGED_FAILURES = 10

/** What the runtime gives a source task; the mirror reports gaps, lag and latency through `partitions`. */
export interface RuntimeTaskContext extends SourceTaskContext {
  readonly partitions: TaskPartitions
}

export interface SourceTaskHostOptions extends HostedTask {
  readonly createTask: () => SourceTask
  readonly services: TaskServices
}

/**
 * One run of one task: start → run → drain → last commit → stop → close.
 * `stop` and an unexpected error drain within `gracefulTimeoutMs`, one budget for everything up to the end; `stopNow` and the end of the
 * budget wait for nothing. `run` never rejects: it resolves with the first error, if there was one.
 */
export class SourceTaskHost implements TaskHost {
  readonly #options: SourceTaskHostOptions
  readonly #partitionLog: PartitionLog
  readonly #lifecycle: Lifecycle<HostState>
  readonly #now = new AbortController()
  #runner: SourceTaskRunner | undefined
  #traces: SourceTraces | undefined
  #committer: OffsetCommitter<PendingPart> | undefined
  #writer: PartWriter | undefined
  #pipeline: RecordPipeline | undefined
  #task: SourceTask | undefined
  #error: ConnectError | undefined
  #isStopping = false
  #isPaused = false
  #timers: NodeJS.Timeout[] = []
  #endsAtMs = Number.POSITIVE_INFINITY
  readonly #ended = deferred()
  /** Records of this run that failed in converters or transforms. */
  readonly recordErrors = new RecordErrorCounts()

  constructor(options: SourceTaskHostOptions) {
    this.#options = options
    this.#partitionLog = new PartitionLog(options.taskId, options.logger)
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
    return this.#runner?.usedBytes ?? 0
  }

  get windowBytes(): number {
    return this.#options.services.settings.windowBytes
  }

  /** Once. */
  async run(): Promise<ConnectError | undefined> {
    if (!this.#lifecycle.is('CREATED')) return this.#error
    this.#lifecycle.to('STARTING')
    try {
      if (await this.#start()) await this.#copy()
    } catch (error) {
      this.#fail(toConnectError(error, 'TASK_START_FAILED', 'start', this.#options.taskId))
    }
    await this.#close()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#lifecycle.to(this.#error === undefined ? 'STOPPED' : 'FAILED')
    this.#ended.resolve()
    return this.#error
  }

  /** Demands nothing more until `resume`; what is on its way is finished and committed. Also before and after the run. */
  pause(): void {
    this.#isPaused = true
    this.#runner?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#runner?.resume()
  }

  /** Drains and stops; resolves when the run has ended, at the latest after `budgetMs`. */
  async stop(budgetMs = this.#options.services.settings.gracefulTimeoutMs): Promise<void> {
    this.#isStopping = true
    if (this.#lifecycle.is('CREATED')) this.#lifecycle.to('STOPPED')
    if (this.#lifecycle.is('STOPPED', 'FAILED')) return
    this.#beginBudget(budgetMs)
    this.#runner?.drain()
    if (!this.#lifecycle.is('DRAINING')) this.#lifecycle.to('DRAINING')
    await this.#ended.promise
  }

  /** Stops without waiting for anything. What is not acknowledged is read again by the next run. */
  stopNow(): void {
    this.#isStopping = true
    this.#now.abort()
    this.#runner?.abort()
    if (this.#lifecycle.is('CREATED')) this.#lifecycle.to('STOPPED')
  }

  /** False when a stop came first. */
  async #start(): Promise<boolean> {
    const { taskId, services, logger, createTask } = this.#options
    const signal = this.#now.signal
    this.#traces = this.#openTraces()
    this.#task = createTask()
    if (services.openPipeline !== undefined) {
      const pipeline = await this.#opened('converters and transforms', services.openPipeline(ownLogger(this.#options)))
      if (pipeline === ABORTED) return false
      this.#pipeline = pipeline
    }
    const writer = await this.#opened('the writer', services.createWriter({ taskId, logger, signal }))
    if (writer === ABORTED) return false
    this.#writer = writer
    this.#runner = this.#createRunner(this.#task, writer)
    if (this.#isPaused) this.#runner.pause()
    const started = this.#task.start(this.#context())
    if ((await untilAborted(started, signal, error => this.#late('start()', error))) === ABORTED) return false
    return !this.#isStopping
  }

  /** What comes when nobody waits for it any more is closed at once. */
  async #opened<T extends { close(): Promise<void> }>(what: string, opening: Promise<T>) {
    const opened = await untilAborted(opening, this.#now.signal, error => this.#late(`opening ${what}`, error))
    if (opened === ABORTED) {
      void opening.then(late => late.close()).catch((error: unknown) => this.#late(`closing ${what}`, error))
    }
    return opened
  }

  #createRunner(task: SourceTask, writer: PartWriter): SourceTaskRunner {
    const { taskId, services } = this.#options
    return new SourceTaskRunner({
      ...services.settings,
      taskId,
      task,
      writer,
      partitions: this.#partitions(),
      encodeRecords: services.encodeRecords,
      ...(this.#pipeline && { stage: this.#stage(this.#pipeline) }),
      ...(this.#traces && { traces: this.#traces }),
      onFailure: (error, index) => this.#onFailure(error, index),
      onPartitionFailed: (partition, error) => this.#onPartitionFailed(partition, error),
    })
  }

  #openTraces(): SourceTraces | undefined {
    const { taskId, services, logger } = this.#options
    const tracer = services.trace && openTracer()
    if (services.trace === undefined || tracer === undefined) return undefined
    return new SourceTraces({ tracer, taskId, logger, trace: services.trace, hasStage: services.openPipeline !== undefined })
  }

  #stage(pipeline: RecordPipeline): RecordStage {
    const { services, logger } = this.#options
    const { settings = defaultRecordErrorSettings, logging = 'nothing' } = services.errors ?? {}
    return { pipeline, errors: settings, logging, counts: this.recordErrors, logger }
  }

  async #copy(): Promise<void> {
    const { taskId, services, logger } = this.#options
    const { settings, onCommitted } = services
    const runner = this.#runner!
    this.#committer = new OffsetCommitter({
      ...settings,
      taskId,
      logger,
      prefix: runner.prefix,
      store: services.offsetStore,
      beforeSave: async signal => this.#task?.commit?.(signal),
      committing: () => this.#options.partitions.totals.commits.begun(this.#traces?.spans.committing()),
    })
    this.#committer.committed$.subscribe({
      next: entries => onCommitted?.(taskId, entries),
      error: (error: unknown) => this.#late('the commit listener', error),
    })
    this.#committer.start()
    this.#lifecycle.to('RUNNING')
    await runner.run()
  }

  async #close(): Promise<void> {
    this.#beginBudget(this.#options.services.settings.gracefulTimeoutMs)
    const { taskId, logger } = this.#options
    const unresolved = this.#runner?.unresolvedParts ?? 0
    if (unresolved > 0) {
      logger.warn({ unresolved }, `Task ${taskId} stops with ${unresolved} unacknowledged parts: the next run reads them again`)
    }
    this.#runner?.abort()
    const committer = this.#committer
    const commitMs = (this.#endsAtMs - performance.now()) / 2
    if (committer !== undefined) await this.#step('the last commit', () => committer.stop(commitMs))
    await this.#step('stop()', async () => this.#task?.stop?.())
    await this.#step('closing the writer', async () => this.#writer?.close())
    await this.#step('closing converters and transforms', async () => this.#pipeline?.close())
  }

  /** A failure of a closing step is logged only; the deadline ends the waiting, not the step. */
  async #step(name: string, job: () => Promise<void>): Promise<void> {
    try {
      const outcome = await untilAborted(job(), this.#now.signal, error => this.#late(name, error))
      if (outcome === ABORTED) this.#options.logger.debug({ step: name }, `Task ${this.#options.taskId}: no waiting for ${name}`)
    } catch (error) {
      this.#options.logger.warn({ error }, `Task ${this.#options.taskId}: ${name} failed while stopping`)
    }
  }

  /** The first call counts: one budget for the whole of the stop. */
  #beginBudget(budgetMs: number): void {
    const endsAtMs = performance.now() + budgetMs
    if (this.#endsAtMs <= endsAtMs) return
    this.#endsAtMs = endsAtMs
    this.#timers.push(setTimeout(() => this.#runner?.abort(), budgetMs * (1 - CLOSING_SHARE)))
    this.#timers.push(setTimeout(() => this.stopNow(), budgetMs))
  }

  #onFailure(error: ConnectError, index: number): void {
    if (index === 0) {
      this.#beginBudget(this.#options.services.settings.gracefulTimeoutMs)
      this.#fail(error)
    } else if (index < LOGGED_FAILURES) {
      const fields = { error, first: this.#error?.message }
      this.#options.logger.warn(
        fields,
        `Task ${this.#options.taskId} met a further error while it was stopping: ${error.message}`,
      )
    }
  }

  #fail(error: ConnectError): void {
    if (this.#error !== undefined) return
    this.#error = error
    const { logger, taskId } = this.#options
    besideSpan(this.#traces?.spans.taskFailed(error), () =>
      logger.error({ error, code: error.code }, `Task ${taskId} failed: ${error.message}`),
    )
  }

  #late(what: string, error: unknown): void {
    this.#options.logger.debug({ error }, `Task ${this.#options.taskId}: ${what} ended with an error after the task had stopped`)
  }

  #context(): RuntimeTaskContext {
    const { taskId, config, services } = this.#options
    return {
      taskId,
      config,
      logger: ownLogger(this.#options),
      partitions: this.#partitions(),
      signal: this.#now.signal,
      offsets: asked => services.offsetStore.load(asked),
      partitionFailed: (partition, error) => this.#runner?.partitionFailed(partition, error),
    }
  }

  /** What happens to them is traced and logged, whether or not there is a part to tell it. */
  #partitions(): TaskPartitions {
    const { partitions } = this.#options
    return this.#partitionLog.watching(this.#traces?.watching(partitions) ?? partitions)
  }

  #onPartitionFailed(partition: SourcePartition, error: ConnectError): void {
    const { taskId, logger, partitions } = this.#options
    const message = `Task ${taskId}: a source partition failed, the others go on: ${error.message}`
    const { span } = partitions.entry(partition).events
    besideSpan(span, () => logger.error({ error, code: error.code, partition }, message))
  }
}
