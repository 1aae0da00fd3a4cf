import { BehaviorSubject, filter, firstValueFrom, timeout } from 'rxjs'
import { eachBatch } from '../../framework/flow/index.ts'
import {
  type CloseReason,
  type SinkBatch,
  type SinkPartition,
  type SinkRecord,
  SinkTask,
  type SinkTaskContext,
} from '../../framework/index.ts'
import type { TopicSelection } from '../../framework/kafka/consumer-group/options.ts'
import { defaultSinkTaskSettings, SinkTaskHost, type SinkTaskSettings } from '../../framework/runtime/index.ts'
import { PartitionRegistry } from '../../framework/runtime/partition-registry.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { atTestEnd } from './at-test-end.ts'
import { EventLogger } from './event-logger.ts'

const DEADLINE_MS = 30_000
/** Short, so that what outlasts them shows. */
const QUICK: SinkTaskSettings = {
  ...defaultSinkTaskSettings,
  commitIntervalMs: 100,
  sessionTimeoutMs: 2_000,
  rebalanceTimeoutMs: 8_000,
  heartbeatIntervalMs: 200,
}

export interface RunningSinkOptions {
  readonly group: string
  readonly selection: TopicSelection
  readonly settings?: Partial<SinkTaskSettings>
  /** What it does with a batch before the batch counts as written. */
  readonly write?: (batch: SinkBatch) => Promise<void>
  /** Instead of one that writes each batch when it comes. */
  readonly task?: KeepingSink
}

/** Keeps what it is given, and what it is told. */
export class KeepingSink extends SinkTask {
  readonly batches: SinkBatch[] = []
  /** Of batches that were written. */
  readonly records: SinkRecord[] = []
  readonly told: string[] = []
  context!: SinkTaskContext
  readonly #count = new BehaviorSubject(0)
  readonly #write: (batch: SinkBatch) => Promise<void>

  constructor(write: (batch: SinkBatch) => Promise<void> = async () => undefined) {
    super()
    this.#write = write
  }

  async start(context: SinkTaskContext): Promise<void> {
    this.context = context
  }

  deliver: SinkTask['deliver'] = eachBatch(
    async batch => {
      this.batches.push(batch)
      await this.#write(batch)
      this.records.push(...batch.records())
      this.#count.next(this.records.length)
    },
    { backoff: { initialMs: 50, maxMs: 50 } },
  )

  override async open(partitions: readonly SinkPartition[]): Promise<void> {
    this.#tell('open', partitions)
  }

  override async close(partitions: readonly SinkPartition[], reason: CloseReason): Promise<void> {
    this.#tell(reason, partitions)
  }

  override async stop(): Promise<void> {
    this.told.push('stop')
  }

  async has(count: number): Promise<void> {
    const enough$ = this.#count.pipe(
      filter(found => found >= count),
      timeout({ first: DEADLINE_MS }),
    )
    await firstValueFrom(enough$).catch((cause: unknown) => {
      throw new Error(`${this.records.length} of ${count} records within ${DEADLINE_MS} ms`, { cause })
    })
  }

  #tell(what: string, partitions: readonly SinkPartition[]): void {
    const numbers = partitions.map(({ partition }) => partition).sort()
    this.told.push(`${what} ${numbers.join(' ')}`)
  }
}

/** One sink task on a real cluster, in this process. */
export class RunningSink {
  readonly logger = new EventLogger()
  readonly partitions = new PartitionRegistry()
  readonly host: SinkTaskHost
  readonly task: KeepingSink
  readonly #running

  constructor(kafka: KafkaCluster, { group, selection, settings = {}, write, task }: RunningSinkOptions) {
    this.task = task ?? new KeepingSink(write)
    this.host = new SinkTaskHost({
      taskId: `${group}-0`,
      config: {},
      createTask: () => this.task,
      services: {
        client: { bootstrapServers: kafka.bootstrapServers.split(','), requestTimeoutMs: 10_000, retryBackoffMs: 50 },
        groupId: group,
        selection,
        settings: { ...QUICK, ...settings },
      },
      partitions: this.partitions.view(`${group}-0`),
      logger: this.logger,
    })
    this.#running = this.host.run()
    atTestEnd(() => this.host.stop())
  }

  /** The error it ended with, if any. */
  get ended() {
    return this.#running
  }

  async stop(): Promise<void> {
    await this.host.stop()
    await this.#running
  }

  /** Values of what was written, by partition, in order. */
  values(partition: number): string[] {
    return this.task.records
      .filter(record => record.partition === partition)
      .map(({ value }) => Buffer.from(value ?? []).toString())
  }
}
