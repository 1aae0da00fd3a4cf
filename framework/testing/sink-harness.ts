import type { ConnectError, RecordHeader, SinkPartition, SinkRecord, SinkTask, SinkValue } from '../api/index.ts'
import { encodeBatch } from '../kafka/record-batch/index.ts'
import { PartitionRegistry } from '../runtime/partition-registry.ts'
import { parseErrorConfig } from '../runtime/record-error-config.ts'
import { RecordErrorCounts } from '../runtime/record-errors.ts'
import { SinkCommitter } from '../runtime/sink-committer.ts'
import { sinkContext } from '../runtime/sink-context.ts'
import type { SinkLane } from '../runtime/sink-lane.ts'
import { SinkPipeline } from '../runtime/sink-pipeline.ts'
import type { SinkStage, StoreErrant } from '../runtime/sink-reading.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import { harnessPipeline } from './harness-pipeline.ts'
import type { RecordFormat } from './harness-records.ts'
import { MemoryLogger } from './memory-logger.ts'
import type { TestPlugin } from './test-plugins.ts'

export interface SinkHarnessOptions {
  /** What it has of `key.converter`, `value.converter`, `header.converter`, `transforms` and `errors.*` counts for `values()`. */
  readonly config?: Readonly<Record<string, string>>
  /** How values are read where `config` has no `value.converter`: JSON without schemas, by default, or text. Keys are text. */
  readonly format?: RecordFormat
  /** Converters, transforms and predicates of one's own, by the name that `config` has for them. */
  readonly plugins?: Readonly<Record<string, TestPlugin>>
  /** Instead of `errors.tolerance` of `config`; without either `all` where there is a reporter, else `none`. */
  readonly tolerance?: 'none' | 'all'
  /** As committed before, by `topic-partition`: where its partitions begin; 0 by default. Share what `committed` has to test a restart. */
  readonly offsets?: ReadonlyMap<string, number>
  readonly windowBytes?: number
  /**
   * Records that cannot be converted or transformed, and those that the task reports. `none` = the task has no reporter; those of `collected` are in
   * `errant`; a function is told of each instead.
   */
  readonly errantRecords?: 'none' | 'collected' | StoreErrant
  /** Until `deliver` is called again after a retriable error; 1 ms by default. */
  readonly redeliveryMs?: number
}

/** Strings are UTF-8; what is left out is null or empty. */
export interface HarnessRecord {
  readonly key?: string | Uint8Array | null
  readonly value?: string | Uint8Array | null
  /** Instead of `value`: written as JSON. */
  readonly json?: unknown
  readonly headers?: readonly RecordHeader[]
  readonly timestamp?: number
}

const COMMIT_TIMEOUT_MS = 5_000

/**
 * Drives one sink task by hand, without Kafka, through the runtime's own pipeline: deliver records, see what is acknowledged and what would be
 * committed, rebalance, and start a new task from what was committed.
 *
 * @example
 * const harness = await SinkHarness.start(new MySink(), { config })
 * await harness.deliver('orders', 0, [{ key: '1', value: 'a' }, { key: '2', value: 'b' }])
 * await harness.settled()
 * await harness.revoke({ topic: 'orders', partition: 0 })
 * assert.equal(harness.committed.get('orders-0'), 2)
 * await harness.stop()
 */
export class SinkHarness {
  readonly logger: MemoryLogger
  /** Offsets committed, by `topic-partition`. */
  readonly committed: Map<string, number>
  /** What could not be converted or transformed, and what the task reported as not to be taken. */
  readonly errant: { readonly record: SinkRecord | SinkValue; readonly error: unknown }[] = []
  /** Partitions that have failed. */
  readonly failedPartitions: { readonly partition: SinkPartition; readonly error: ConnectError }[] = []
  /** Records that failed, and what became of them. */
  readonly recordErrors = new RecordErrorCounts()
  readonly #task: SinkTask
  readonly #options: SinkHarnessOptions
  readonly #records: RecordPipeline
  readonly #pipeline: SinkPipeline
  readonly #committer: SinkCommitter
  readonly #now = new AbortController()
  /** Of the next record delivered, by `topic-partition`. */
  readonly #next = new Map<string, number>()
  #error: ConnectError | undefined

  private constructor(task: SinkTask, options: SinkHarnessOptions, records: RecordPipeline, logger: MemoryLogger) {
    this.#task = task
    this.#options = options
    this.#records = records
    this.logger = logger
    this.committed = new Map(options.offsets)
    const delayMs = options.redeliveryMs ?? 1
    this.#pipeline = new SinkPipeline({
      taskId: 'test-0',
      task,
      partitions: new PartitionRegistry().view('test-0'),
      stage: this.#stage(),
      windowBytes: options.windowBytes ?? 1_048_576,
      batchBytes: 1_048_576,
      maxRecords: Number.POSITIVE_INFINITY,
      redelivery: { initialMs: delayMs, maxMs: delayMs, jitter: 0 },
      logger: this.logger,
      steer: () => undefined,
      onFailure: error => {
        this.#error = error
      },
      onPartitionFailed: ({ topic, partition }, error) => this.failedPartitions.push({ partition: { topic, partition }, error }),
    })
    this.#committer = new SinkCommitter({
      taskId: 'test-0',
      intervalMs: Number.POSITIVE_INFINITY,
      timeoutMs: COMMIT_TIMEOUT_MS,
      lanes: () => [...this.#pipeline.lanes],
      commit: async positions => {
        for (const { topic, partition, offset } of positions) this.committed.set(`${topic}-${partition}`, offset)
        return positions
      },
      logger: this.logger,
    })
  }

  /** Starts the task and subscribes to its acknowledgements. Rejects as `start` does, and with ConfigError where converters or transforms cannot be made. */
  static async start(task: SinkTask, options: SinkHarnessOptions = {}): Promise<SinkHarness> {
    const { config = {}, format = 'json', plugins = {} } = options
    const logger = new MemoryLogger()
    const records = await harnessPipeline({ config, format, plugins, logger })
    const harness = new SinkHarness(task, options, records, logger)
    await task.start(harness.#context())
    harness.#pipeline.start()
    return harness
  }

  /** What has failed the task. */
  get error(): ConnectError | undefined {
    return this.#error
  }

  /** Bytes delivered, or waiting to be, and not acknowledged. */
  get heldBytes(): number {
    return this.#pipeline.heldBytes
  }

  /** As a rebalance that gives the task partitions. Those that it has already are left alone. */
  async assign(...partitions: readonly SinkPartition[]): Promise<void> {
    const added = partitions.filter(partition => this.#pipeline.lanes.find(partition) === undefined)
    const starts = added.map(({ topic, partition }) => {
      const offset = this.committed.get(`${topic}-${partition}`) ?? 0
      this.#next.set(`${topic}-${partition}`, offset)
      return { topic, partition, offset, leaderEpoch: -1 }
    })
    if (starts.length > 0) await this.#pipeline.open(starts)
  }

  /** Delivers one batch of at least one record, or queues it where the task has paused the partition; assigns the partition first where need be. Resolves with the offset of its first record. */
  async deliver(topic: string, partition: number, records: readonly HarnessRecord[]): Promise<number> {
    await this.assign({ topic, partition })
    const lane = this.#lane({ topic, partition })
    const firstOffset = this.#next.get(lane.name) ?? 0
    const nextOffset = firstOffset + records.length
    this.#next.set(lane.name, nextOffset)
    const bytes = encodeBatch(records.map(encodable), { codec: 'none' })
    const place = { firstOffset, lastOffset: nextOffset - 1, leaderEpoch: 0, sourceOffsets: null }
    const batch = { ...place, bytes, count: records.length, timestampType: 'CreateTime' } as const
    this.#pipeline.take(lane, { batches: [batch], nextOffset, leaderEpoch: 0 })
    return firstOffset
  }

  /** Passes over so many offsets, as of an aborted transaction: there is nothing to deliver. */
  skip(topic: string, partition: number, count: number): void {
    const lane = this.#lane({ topic, partition })
    const nextOffset = (this.#next.get(lane.name) ?? 0) + count
    this.#next.set(lane.name, nextOffset)
    this.#pipeline.take(lane, { batches: [], nextOffset, leaderEpoch: 0 })
  }

  /** Resolves when the task has answered everything that it has. */
  async settled(): Promise<void> {
    await Promise.all([...this.#pipeline.lanes].map(lane => lane.whenSettled()))
  }

  /** Asks the task to write what it holds back, as the runtime does from time to time. */
  async flush(): Promise<void> {
    await this.#pipeline.flush([...this.#pipeline.lanes], this.#now.signal)
  }

  /** Commits the acknowledged prefix of every partition. */
  async commit(): Promise<void> {
    await this.#committer.commit([...this.#pipeline.lanes], AbortSignal.timeout(COMMIT_TIMEOUT_MS))
  }

  /** As a rebalance that takes partitions away: waits until what was begun is finished, commits, closes. */
  async revoke(...partitions: readonly SinkPartition[]): Promise<void> {
    await this.#giveBack(partitions, 'revoked')
  }

  /** As when the group has given them to another already: closes without a commit. */
  async lose(...partitions: readonly SinkPartition[]): Promise<void> {
    const lanes = partitions.map(partition => this.#lane(partition))
    await this.#pipeline.close(lanes, 'lost', this.#now.signal)
  }

  /** Drains, commits, closes and stops. Rejects when the task has failed. */
  async stop(): Promise<void> {
    await this.#giveBack(this.#pipeline.lanes.partitions, 'stopped')
    await this.#pipeline.complete()
    await this.#task.stop?.()
    await this.#records.close()
    if (this.#error !== undefined) throw this.#error
  }

  /** Unsubscribes and stops without a commit, as a killed process would leave things. */
  async kill(): Promise<void> {
    this.#now.abort()
    this.#pipeline.abort()
    await this.#task.stop?.()
    await this.#records.close()
  }

  async #giveBack(partitions: readonly SinkPartition[], reason: 'revoked' | 'stopped'): Promise<void> {
    const lanes = partitions.map(partition => this.#lane(partition))
    await this.#pipeline.drain(lanes, this.#now.signal)
    await this.#committer.commit(lanes, AbortSignal.timeout(COMMIT_TIMEOUT_MS))
    await this.#pipeline.close(lanes, reason, this.#now.signal)
  }

  readonly #collect: StoreErrant = async (record, error) => {
    if (this.#options.errantRecords !== 'collected') return
    this.errant.push({ record, error: error.code === 'RECORD_REFUSED' ? error.cause : error })
  }

  #lane(partition: SinkPartition): SinkLane {
    return this.#pipeline.lanes.get(partition)
  }

  #stage(): SinkStage {
    const { config = {}, errantRecords = 'none' } = this.#options
    const { settings } = parseErrorConfig(config)
    const unsaid = config['errors.tolerance'] ?? (errantRecords === 'none' ? 'none' : 'all')
    const tolerance = this.#options.tolerance ?? (unsaid === 'all' ? 'all' : 'none')
    return {
      pipeline: this.#records,
      errors: { ...settings, tolerance },
      counts: this.recordErrors,
      storeErrant: typeof errantRecords === 'string' ? this.#collect : errantRecords,
      reporter: errantRecords === 'none' ? 'none' : 'some',
      logger: this.logger,
    }
  }

  #context() {
    const { config = {} } = this.#options
    return sinkContext({
      taskId: 'test-0',
      config,
      logger: this.logger,
      signal: this.#now.signal,
      pipeline: this.#pipeline,
      seek: (lane, offset) => void this.#next.set(lane.name, offset),
      requestCommit: () => void this.commit(),
    })
  }
}

const encodable = ({ key = null, value = null, json, headers = [], timestamp = -1 }: HarnessRecord) => ({
  key: bytesOf(key),
  value: bytesOf(json === undefined ? value : JSON.stringify(json)),
  headers,
  timestamp,
})

const bytesOf = (data: string | Uint8Array | null): Uint8Array | null =>
  typeof data === 'string' ? Buffer.from(data, 'utf8') : data
