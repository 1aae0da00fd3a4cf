import type { ConnectError, SourcePartition, SourceTask, SourceTaskContext } from '../api/index.ts'
import { besideSpan, openTracer } from '../telemetry/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
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
import { type HostedTask, ownLogger, type TaskHost } from './task-host.ts'
import { TaskLife } from './task-life.ts'
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

/** One run of one task: start → run → drain → last commit → stop → close. */
export class SourceTaskHost implements TaskHost {
  readonly #options: SourceTaskHostOptions
  readonly #partitionLog: PartitionLog
  readonly #life: TaskLife
  #runner: SourceTaskRunner | undefined
  #traces: SourceTraces | undefined
  #committer: OffsetCommitter<PendingPart> | undefined
  #writer: PartWriter | undefined
  #pipeline: RecordPipeline | undefined
  #task: SourceTask | undefined
  #isPaused = false
  /** Records of this run that failed in converters or transforms. */
  readonly recordErrors = new RecordErrorCounts()

  constructor(options: SourceTaskHostOptions) {
    this.#options = options
    this.#partitionLog = new PartitionLog(options.taskId, options.logger)
    this.#life = new TaskLife({
      ...options,
      gracefulTimeoutMs: options.services.settings.gracefulTimeoutMs,
      closingShare: CLOSING_SHARE,
      work: () => this.#work(),
      close: () => this.#close(),
      drain: () => this.#runner?.drain(),
      hurry: () => this.#runner?.abort(),
      giveUp: () => this.#runner?.abort(),
      onFailure: error => this.#life.fail(error),
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
    return this.#runner?.usedBytes ?? 0
  }

  get windowBytes(): number {
    return this.#options.services.settings.windowBytes
  }

  /** Once. */
  run(): Promise<ConnectError | undefined> {
    return this.#life.run()
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
  stop(budgetMs?: number): Promise<void> {
    return this.#life.stop(budgetMs)
  }

  /** Stops without waiting for anything. What is not acknowledged is read again by the next run. */
  stopNow(): void {
    this.#life.stopNow()
  }

  async #work(): Promise<void> {
    await this.#start()
    if (!this.#life.isStopping) await this.#copy()
  }

  async #start(): Promise<void> {
    const { taskId, services, logger, createTask } = this.#options
    const { signal } = this.#life
    this.#traces = this.#openTraces()
    this.#task = createTask()
    if (services.openPipeline !== undefined) {
      const pipeline = await this.#life.opened('converters and transforms', services.openPipeline(ownLogger(this.#options)))
      if (pipeline === ABORTED) return
      this.#pipeline = pipeline
    }
    const writer = await this.#life.opened('the writer', services.createWriter({ taskId, logger, signal }))
    if (writer === ABORTED) return
    this.#writer = writer
    this.#runner = this.#createRunner(this.#task, writer)
    if (this.#isPaused) this.#runner.pause()
    await untilAborted(this.#task.start(this.#context()), signal, error => this.#life.late('start()', error))
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
      error: (error: unknown) => this.#life.late('the commit listener', error),
    })
    this.#committer.start()
    this.#life.running()
    await runner.run()
  }

  async #close(): Promise<void> {
    const { taskId, logger } = this.#options
    const unresolved = this.#runner?.unresolvedParts ?? 0
    if (unresolved > 0) {
      logger.warn({ unresolved }, `Task ${taskId} stops with ${unresolved} unacknowledged parts: the next run reads them again`)
    }
    this.#runner?.abort()
    const committer = this.#committer
    const commitMs = this.#life.remainingMs / 2
    if (committer !== undefined) await this.#life.step('the last commit', () => committer.stop(commitMs))
    await this.#life.step('stop()', async () => this.#task?.stop?.())
    await this.#life.step('closing the writer', async () => this.#writer?.close())
    await this.#life.step('closing converters and transforms', async () => this.#pipeline?.close())
  }

  #onFailure(error: ConnectError, index: number): void {
    if (index === 0) this.#life.beginBudget()
    if (index < LOGGED_FAILURES) this.#life.fail(error)
  }

  #context(): RuntimeTaskContext {
    const { taskId, config, services } = this.#options
    return {
      taskId,
      config,
      logger: ownLogger(this.#options),
      partitions: this.#partitions(),
      signal: this.#life.signal,
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
