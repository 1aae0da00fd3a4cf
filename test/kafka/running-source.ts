import { BehaviorSubject, filter, firstValueFrom, timeout } from 'rxjs'
import {
  Backoff,
  createInjector,
  type Demand,
  MemoryOffsetStore,
  type OffsetStore,
  openPipeline,
  PluginRegistry,
  pollWith,
  registerConverters,
  registerTransforms,
  type SourceAck,
  type SourcePart,
  SourceTask,
  type SourceTaskContext,
  sourceServices,
} from '../../framework/index.ts'
import { SourceTaskHost, type SourceTaskSettings, type TaskServices } from '../../framework/runtime/index.ts'
import { PartitionRegistry } from '../../framework/runtime/partition-registry.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { atTestEnd } from './at-test-end.ts'
import { EventLogger } from './event-logger.ts'

const DEADLINE_MS = 20_000

export const FEED = { feed: 'test' }

/** Plain JSON, keys as text. */
export const JSON_WORKER = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
}

export interface RunningSourceOptions {
  readonly name: string
  readonly config?: Readonly<Record<string, string>>
  /** What poll number n of this run finds, given the offset stored when the run began (-1 = none). */
  readonly poll: (
    n: number,
    after: number,
    demand: Demand,
  ) => readonly SourcePart['records'][] | Promise<readonly SourcePart['records'][]>
  readonly offsetStore?: OffsetStore
  readonly settings?: Partial<SourceTaskSettings>
  readonly metadataMaxAgeMs?: number
  /** Converters of the test's own, by name. */
  readonly plugins?: Readonly<Record<string, new () => unknown>>
  readonly services?: (services: TaskServices) => TaskServices
}

/** Numbers its parts one by one; that number is their offset. */
class PollingTask extends SourceTask {
  readonly acks: SourceAck[] = []
  readonly polls = new BehaviorSubject(0)
  readonly acked = new BehaviorSubject(-1)
  readonly #poll: RunningSourceOptions['poll']
  #after = -1
  #next = 0

  constructor(poll: RunningSourceOptions['poll']) {
    super()
    this.#poll = poll
  }

  async start({ offsets }: SourceTaskContext): Promise<void> {
    const [stored] = await offsets([FEED])
    this.#after = Number(stored?.at ?? -1)
    this.#next = this.#after + 1
  }

  batches = pollWith(
    async demand => {
      const n = this.polls.value
      this.polls.next(n + 1)
      const found = await this.#poll(n, this.#after, demand)
      return found.map(records => ({ sourcePartition: FEED, sourceOffset: { at: this.#next++ }, records }))
    },
    { idleMs: 20, backoff: new Backoff({ initialMs: 20, maxMs: 20 }) },
  )

  override acknowledged(ack: SourceAck): void {
    this.acks.push(ack)
    this.acked.next(Number(ack.part.sourceOffset.at))
  }
}

/** One source task on a real cluster, in this process. */
export class RunningSource {
  readonly logger = new EventLogger()
  readonly host: SourceTaskHost
  readonly task: PollingTask
  readonly ended: ReturnType<SourceTaskHost['run']>
  readonly #services

  constructor(kafka: KafkaCluster, options: RunningSourceOptions) {
    const { name, config = {}, offsetStore = new MemoryOffsetStore(), settings, metadataMaxAgeMs = 300_000 } = options
    const plugins = new PluginRegistry().loader([import.meta.dirname])
    registerConverters(plugins)
    registerTransforms(plugins)
    for (const [known, type] of Object.entries(options.plugins ?? {})) plugins.register(known, type)
    this.#services = sourceServices({
      client: { bootstrapServers: kafka.bootstrapServers.split(','), retryBackoffMs: 50, metadataMaxAgeMs },
      connectorName: name,
      config,
      offsetStore,
      openPipeline: logger => openPipeline({ plugins, injector: createInjector(), logger }, config, JSON_WORKER),
      settings: { flushIntervalMs: 50, gracefulTimeoutMs: 5_000, ...settings },
      topicCreation: 'enabled',
      logger: this.logger,
    })
    this.task = new PollingTask(options.poll)
    this.host = new SourceTaskHost({
      taskId: `${name}-0`,
      config,
      createTask: () => this.task,
      services: options.services?.(this.#services) ?? this.#services,
      partitions: new PartitionRegistry().view(`${name}-0`),
      logger: this.logger,
    })
    this.ended = this.host.run()
    atTestEnd(() => this.host.stop())
  }

  /** Resolves when the part with this number is acknowledged. */
  acked(at: number): Promise<unknown> {
    return this.#reached(this.task.acked, at, 'acknowledged parts')
  }

  /** Resolves once there have been so many polls. */
  polled(count: number): Promise<unknown> {
    return this.#reached(this.task.polls, count, 'polls')
  }

  /** Stops and resolves with what the run ended with. */
  async stop(): Promise<Awaited<RunningSource['ended']>> {
    await this.host.stop()
    await this.#services.close()
    return this.ended
  }

  async crash(): Promise<void> {
    this.host.stopNow()
    await this.ended
    await this.#services.close()
  }

  #reached(counter: BehaviorSubject<number>, count: number, what: string): Promise<unknown> {
    const reached$ = counter.pipe(
      filter(value => value >= count),
      timeout({ first: DEADLINE_MS }),
    )
    return firstValueFrom(reached$).catch((cause: unknown) => {
      const said = this.logger.lines.map(({ level, message }) => `${level} ${message}`).join('\n')
      throw new Error(`${counter.value}, not ${count} ${what} within ${DEADLINE_MS} ms; said was\n${said}`, { cause })
    })
  }
}
