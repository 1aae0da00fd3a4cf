import { Subject, type Subscription } from 'rxjs'
import type { ConnectError, Demand, SourceBatch, SourceOffset, SourcePart, SourcePartition, SourceTask } from '../api/index.ts'
import { AckedPrefix } from '../flow/acked-prefix.ts'
import { type Deferred, deferred } from '../flow/deferred.ts'
import { PartitionRegistry, type TaskPartitions } from '../runtime/partition-status.ts'
import { MemoryOffsetStore } from '../storage/memory-offset-store.ts'
import type { OffsetStore } from '../storage/offset-store.ts'
import { partitionKey } from '../storage/partition-key.ts'
import { MemoryLogger } from './memory-logger.ts'

export interface HarnessOptions {
  readonly config?: Readonly<Record<string, string>>
  /** Shared between harnesses to test a restart. */
  readonly offsets?: OffsetStore
  readonly maxBytes?: number
  readonly maxRecords?: number
}

/** Where an acknowledged part now stands; partition 0, offset -1 by default. */
export interface AckPlace {
  readonly topic?: string
  readonly partition?: number
  readonly baseOffset?: number
}

interface Entry {
  readonly offset: SourceOffset
  state: 'waiting' | 'acked' | 'refused'
  readonly partition: SourcePartition
}

/**
 * Drives one source task by hand, without Kafka: ask for batches, acknowledge their parts in any order, commit, stop, and start a new
 * task from the same offsets.
 *
 * @example
 * const harness = await TaskHarness.start(new MyTask(), { config })
 * const batch = await harness.demand()
 * harness.ack(batch.parts[0])
 * await harness.stop()
 */
export class TaskHarness {
  readonly logger = new MemoryLogger()
  /** What the task reported through `context.partitionFailed`. */
  readonly failedPartitions: { readonly partition: SourcePartition; readonly error: ConnectError }[] = []
  readonly #task: SourceTask
  readonly #options: HarnessOptions
  readonly #store: OffsetStore
  readonly #partitions: TaskPartitions = new PartitionRegistry().view('test-0')
  readonly #demand$ = new Subject<Demand>()
  readonly #longPoll = new AbortController()
  readonly #now = new AbortController()
  readonly #prefix = new AckedPrefix<SourcePartition, SourceOffset, Entry>()
  /** Equal partitions share a lane, whichever object they are. */
  readonly #known = new Map<string, SourcePartition>()
  readonly #entries = new Map<SourcePart, Entry>()
  readonly #waiting: Deferred<SourceBatch>[] = []
  readonly #ended = deferred()
  #subscription: Subscription | undefined

  private constructor(task: SourceTask, options: HarnessOptions) {
    this.#task = task
    this.#options = options
    this.#store = options.offsets ?? new MemoryOffsetStore()
    this.#ended.promise.catch((error: unknown) => this.logger.debug({ error }, 'The task ended with an error'))
  }

  /** Starts the task and subscribes to its batches. Rejects as `start` does. */
  static async start(task: SourceTask, options: HarnessOptions = {}): Promise<TaskHarness> {
    const harness = new TaskHarness(task, options)
    await task.start(harness.#context())
    harness.#subscription = task.batches(harness.#demand$).subscribe({
      next: batch => harness.#onBatch(batch),
      error: (error: unknown) => harness.#onError(error),
      complete: () => harness.#ended.resolve(),
    })
    return harness
  }

  /** Demands one batch and resolves with it. Rejects with the error that fails the task. */
  demand(): Promise<SourceBatch> {
    const answer = deferred<SourceBatch>()
    this.#waiting.push(answer)
    const { maxBytes = 1_048_576, maxRecords = 1_000 } = this.#options
    this.#demand$.next({ maxBytes, maxRecords, signal: this.#longPoll.signal })
    return answer.promise
  }

  /** Acknowledges a part, as the target would. */
  ack(part: SourcePart, place: AckPlace = {}): void {
    const { records } = part
    const encodedPart = 'bytes' in records ? records : undefined
    const topic = place.topic ?? encodedPart?.topic ?? (records as readonly { topic: string }[])[0]?.topic ?? ''
    const count = encodedPart?.count ?? (records as readonly unknown[]).length
    const { partition = encodedPart?.partition ?? 0, baseOffset = -1 } = place
    this.#lane(part).ack(this.#entry(part))
    this.#task.acknowledged?.({ part, topic, partition, baseOffset, count })
  }

  /** Refuses a part for good. */
  refuse(part: SourcePart, error: ConnectError): void {
    this.#lane(part).refuse(this.#entry(part))
    this.#task.refused?.(part.sourcePartition, error)
  }

  throttle(partition: SourcePartition, state: 'paused' | 'resumed'): void {
    this.#task.throttle?.(partition, state)
  }

  /** Stores the acknowledged prefix of each source partition. */
  async commit(): Promise<void> {
    const offsets = this.#prefix.takeCommittable()
    await this.#task.commit?.(this.#now.signal)
    await this.#store.save(offsets, this.#now.signal)
  }

  /** Completes the demand, waits for the task's stream to end, commits, and stops the task. Rejects if the stream failed. */
  async stop(): Promise<void> {
    this.#longPoll.abort()
    this.#demand$.complete()
    try {
      await this.#ended.promise
    } finally {
      await this.commit()
      await this.#task.stop?.()
    }
  }

  /** Unsubscribes and stops without a commit, as a killed process would leave things. */
  async kill(): Promise<void> {
    this.#longPoll.abort()
    this.#now.abort()
    this.#subscription?.unsubscribe()
    await this.#task.stop?.()
  }

  #onBatch(batch: SourceBatch): void {
    const answer = this.#waiting.shift()
    if (answer === undefined) {
      this.#subscription?.unsubscribe()
      this.#onError(new Error('The task emitted a batch without a demand'))
      return
    }
    for (const part of batch.parts) {
      const entry: Entry = { offset: part.sourceOffset, state: 'waiting', partition: part.sourcePartition }
      this.#entries.set(part, entry)
      this.#lane(part).submit(entry)
    }
    answer.resolve(batch)
  }

  #onError(error: unknown): void {
    this.#ended.reject(error)
    for (const answer of this.#waiting.splice(0)) answer.reject(error)
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
