import { Subject, type Subscription } from 'rxjs'
import type { ConnectError, Demand, SourceBatch, SourceOffset, SourcePart, SourcePartition, SourceTask } from '../api/index.ts'
import { AckedPrefix } from '../flow/acked-prefix.ts'
import { type Deferred, deferred } from '../flow/deferred.ts'
import { PartitionRegistry, type TaskPartitions } from '../runtime/partition-registry.ts'
import type { OffsetStore } from '../storage/offset-store.ts'
import { partitionKey } from '../storage/partition-key.ts'
import { MemoryLogger } from './memory-logger.ts'
import { TestOffsetStore } from './test-offset-store.ts'
import { DEFAULT_TIMEOUT_MS, withinLimit } from './time-limit.ts'

export interface HarnessOptions {
  readonly config?: Readonly<Record<string, string>>
  /** Shared between harnesses to test a restart; `TestOffsetStore` can be made to fail. */
  readonly offsets?: OffsetStore
  readonly maxBytes?: number
  readonly maxRecords?: number
  /** Of each wait for the task, which rejects after it and says what did not happen; 5 s by default. */
  readonly timeoutMs?: number
}

/** Where an acknowledged part now stands; partition 0, offset -1 by default. */
export interface AckPlace {
  readonly topic?: string
  readonly partition?: number
  readonly baseOffset?: number
}

const NO_ANSWER = 'The task did not answer a demand: each one is answered by exactly one batch, empty if need be'

interface Entry {
  readonly part: SourcePart
  readonly offset: SourceOffset
  state: 'waiting' | 'acked' | 'refused'
  place: AckPlace
}

/**
 * Drives one source task by hand, without Kafka: ask for batches, acknowledge their parts in any order, commit, pause, stop, and start a new
 * task from the same offsets.
 *
 * @example
 * const harness = await TaskHarness.start(new MyTask(), { config })
 * const batch = await harness.demand()
 * assert.deepEqual(recordsOf(batch).map(({ value }) => value), ['first'])
 * harness.ack(batch)
 * await harness.stop()
 * const next = await harness.restart(new MyTask())
 */
export class TaskHarness {
  readonly logger = new MemoryLogger()
  /** What the task reported through `context.partitionFailed`. */
  readonly failedPartitions: { readonly partition: SourcePartition; readonly error: ConnectError }[] = []
  readonly #task: SourceTask
  readonly #options: HarnessOptions
  readonly #store: OffsetStore
  readonly #timeoutMs: number
  readonly #partitions: TaskPartitions = new PartitionRegistry().view('test-0')
  readonly #demand$ = new Subject<Demand>()
  readonly #now = new AbortController()
  readonly #prefix = new AckedPrefix<SourcePartition, SourceOffset, Entry>(entry => this.#passed(entry))
  /** Equal partitions share a lane, whichever object they are. */
  readonly #known = new Map<string, SourcePartition>()
  readonly #entries = new Map<SourcePart, Entry>()
  readonly #waiting: Deferred<SourceBatch>[] = []
  readonly #ended = deferred()
  #longPoll = new AbortController()
  #subscription: Subscription | undefined

  private constructor(task: SourceTask, options: HarnessOptions) {
    this.#task = task
    this.#options = options
    this.#store = options.offsets ?? new TestOffsetStore()
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#ended.promise.catch((error: unknown) => this.logger.debug({ error }, 'The task ended with an error'))
  }

  /** Starts the task and subscribes to its batches. Rejects as `start` does; the task is stopped then, as the runtime does it. */
  static async start(task: SourceTask, options: HarnessOptions = {}): Promise<TaskHarness> {
    const harness = new TaskHarness(task, options)
    try {
      await harness.#within(task.start(harness.#context()), 'start() did not resolve')
    } catch (error) {
      await harness.#stopTask()
      throw error
    }
    harness.#subscription = task.batches(harness.#demand$).subscribe({
      next: batch => harness.#onBatch(batch),
      error: (error: unknown) => harness.#onError(error),
      complete: () => harness.#ended.resolve(),
    })
    return harness
  }

  /** Demands that are not answered. */
  get outstanding(): number {
    return this.#waiting.length
  }

  /**
   * Demands one batch and resolves with it; several may be outstanding, and are answered in order. Rejects with the error that fails the task,
   * and when no answer comes in time.
   */
  demand(limits: Partial<Pick<Demand, 'maxBytes' | 'maxRecords'>> = {}): Promise<SourceBatch> {
    const { maxBytes = 1_048_576, maxRecords = 1_000 } = { ...this.#options, ...limits }
    const answer = deferred<SourceBatch>()
    this.#waiting.push(answer)
    const answered = withinLimit(answer.promise, this.#timeoutMs, () => NO_ANSWER)
    // A demand that nobody waits for may fail with the task, which is told elsewhere.
    answered.catch((error: unknown) => this.logger.debug({ error }, 'A demand was not answered'))
    this.#demand$.next({ maxBytes, maxRecords, signal: this.#longPoll.signal })
    return answered
  }

  /** Acknowledges a part, or all parts of a batch, as the target would. The task is told in order, once all before it are acknowledged as well. */
  ack(acked: SourceBatch | SourcePart, place: AckPlace = {}): void {
    for (const part of 'parts' in acked ? acked.parts : [acked]) {
      const entry = this.#entry(part)
      entry.place = place
      this.#lane(part).ack(entry)
    }
  }

  /** Refuses a part for good. */
  refuse(part: SourcePart, error: ConnectError): void {
    this.#lane(part).refuse(this.#entry(part))
    this.#task.refused?.(part.sourcePartition, error)
  }

  throttle(partition: SourcePartition, state: 'paused' | 'resumed'): void {
    this.#task.throttle?.(partition, state)
  }

  /** Ends long polls, as when the connector is paused; demands made from now on are to be answered as ever. */
  pause(): void {
    this.#longPoll.abort()
    this.#longPoll = new AbortController()
  }

  /** Stores the acknowledged prefix of each source partition. Rejects as the store does; the next call stores it then. */
  async commit(): Promise<void> {
    const offsets = this.#prefix.takeCommittable()
    try {
      await this.#within(this.#task.commit?.(this.#now.signal), 'commit() did not resolve')
    } catch (error) {
      this.logger.warn({ error }, 'commit() of the task failed; the offsets are stored all the same')
    }
    try {
      await this.#within(this.#store.save(offsets, this.#now.signal), 'The offsets were not stored')
    } catch (error) {
      this.#prefix.giveBack(offsets)
      throw error
    }
  }

  /** Completes the demand, waits for the task's stream to end, commits, and stops the task. Rejects if the stream failed. */
  async stop(): Promise<void> {
    this.#longPoll.abort()
    this.#demand$.complete()
    const what = () => `The task did not complete its stream after its demands were complete; ${this.outstanding} not answered`
    try {
      await withinLimit(this.#ended.promise, this.#timeoutMs, what)
    } finally {
      this.#end()
      await this.commit()
      await this.#stopTask()
    }
  }

  /** Unsubscribes and stops without a commit, as a killed process would leave things. */
  async kill(): Promise<void> {
    this.#longPoll.abort()
    this.#now.abort()
    this.#end()
    await this.#stopTask()
  }

  /** A further task, from what this one has committed: after `stop` or `kill`. */
  restart(task: SourceTask): Promise<TaskHarness> {
    return TaskHarness.start(task, { ...this.#options, offsets: this.#store })
  }

  /** Takes nothing more; what was demanded and not answered never will be. */
  #end(): void {
    this.#subscription?.unsubscribe()
    for (const answer of this.#waiting.splice(0))
      answer.reject(new Error('The harness was stopped before this demand was answered'))
  }

  async #stopTask(): Promise<void> {
    await this.#within(this.#task.stop?.(), 'stop() did not resolve')
  }

  #within<T>(promise: Promise<T> | undefined, what: string): Promise<T | undefined> {
    return promise === undefined ? Promise.resolve(undefined) : withinLimit(promise, this.#timeoutMs, () => what)
  }

  #onBatch(batch: SourceBatch): void {
    const answer = this.#waiting.shift()
    if (answer === undefined) {
      this.#subscription?.unsubscribe()
      this.#onError(new Error('The task emitted a batch without a demand'))
      return
    }
    for (const part of batch.parts) {
      const entry: Entry = { part, offset: part.sourceOffset, state: 'waiting', place: {} }
      this.#entries.set(part, entry)
      this.#lane(part).submit(entry)
    }
    answer.resolve(batch)
  }

  #onError(error: unknown): void {
    this.#ended.reject(error)
    for (const answer of this.#waiting.splice(0)) answer.reject(error)
  }

  #passed({ part, place }: Entry): void {
    const { records } = part
    const encoded = 'bytes' in records ? records : undefined
    const count = encoded?.count ?? (records as readonly unknown[]).length
    const topic = place.topic ?? encoded?.topic ?? (records as readonly { topic: string }[])[0]?.topic ?? ''
    const { partition = encoded?.partition ?? 0, baseOffset = -1 } = place
    this.#task.acknowledged?.({ part, topic, partition, baseOffset, count })
  }

  #lane(part: SourcePart) {
    const key = partitionKey(part.sourcePartition)
    const partition = this.#known.get(key) ?? part.sourcePartition
    this.#known.set(key, partition)
    return this.#prefix.lane(partition)
  }

  #entry(part: SourcePart): Entry {
    const entry = this.#entries.get(part)
    if (entry === undefined) throw new Error('This part did not come from the task, or was resolved before')
    this.#entries.delete(part)
    return entry
  }

  #context() {
    return {
      taskId: 'test-0',
      config: this.#options.config ?? {},
      logger: this.logger,
      signal: this.#now.signal,
      partitions: this.#partitions,
      offsets: (asked: readonly SourcePartition[]) => this.#store.load(asked),
      partitionFailed: (partition: SourcePartition, error: ConnectError) => {
        this.failedPartitions.push({ partition, error })
      },
    }
  }
}
