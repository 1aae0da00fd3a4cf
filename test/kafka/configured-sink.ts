import { BehaviorSubject, filter, firstValueFrom, type Observable, timeout } from 'rxjs'
import {
  createInjector,
  eachRecord,
  openPipeline,
  PluginRegistry,
  registerConverters,
  registerTransforms,
  type SinkAck,
  type SinkBatch,
  SinkTask,
  type SinkTaskContext,
  type SinkTaskSettings,
  type SinkValue,
  sinkServices,
  type WriteRecord,
} from '../../framework/index.ts'
import { SinkTaskHost } from '../../framework/runtime/index.ts'
import { PartitionRegistry } from '../../framework/runtime/partition-registry.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { EventLogger } from './event-logger.ts'

const DEADLINE_MS = 30_000

/** Keeps the values that it writes. */
export class ValuesSink extends SinkTask {
  readonly values: SinkValue[] = []
  context!: SinkTaskContext
  readonly #count = new BehaviorSubject(0)
  readonly #deliver: (sink: ValuesSink, batch$: Observable<SinkBatch>) => Observable<SinkAck>

  constructor(deliver: (sink: ValuesSink, batch$: Observable<SinkBatch>) => Observable<SinkAck>) {
    super()
    this.#deliver = deliver
  }

  async start(context: SinkTaskContext): Promise<void> {
    this.context = context
  }

  deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    return this.#deliver(this, batch$)
  }

  keep(...values: readonly SinkValue[]): void {
    this.values.push(...values)
    this.#count.next(this.values.length)
  }

  async has(count: number): Promise<void> {
    const enough$ = this.#count.pipe(
      filter(found => found >= count),
      timeout({ first: DEADLINE_MS }),
    )
    await firstValueFrom(enough$).catch((cause: unknown) => {
      throw new Error(`${this.values.length} of ${count} records within ${DEADLINE_MS} ms`, { cause })
    })
  }
}

/** Writes record by record with `eachRecord`. @param write before the record is kept */
export const recordByRecord =
  (write: WriteRecord = () => undefined) =>
  (sink: ValuesSink, batch$: Observable<SinkBatch>): Observable<SinkAck> =>
    batch$.pipe(
      eachRecord(async (value, signal) => {
        await write(value, signal)
        sink.keep(value)
      }),
    )

/** One task of a sink connector on a real cluster, in this process, as its configuration has it; values are JSON without schemas, keys text. */
export class ConfiguredSink {
  readonly logger = new EventLogger()
  readonly partitions = new PartitionRegistry()
  readonly host: SinkTaskHost
  readonly task: ValuesSink
  readonly ended: ReturnType<SinkTaskHost['run']>

  constructor(
    kafka: KafkaCluster,
    config: Readonly<Record<string, string>>,
    deliver: ConstructorParameters<typeof ValuesSink>[0] = recordByRecord(),
    settings: Partial<SinkTaskSettings> = {},
  ) {
    const { name = 'sink' } = config
    this.task = new ValuesSink(deliver)
    const plugins = new PluginRegistry().loader([import.meta.dirname])
    registerConverters(plugins)
    registerTransforms(plugins)
    const services = sinkServices({
      client: { bootstrapServers: kafka.bootstrapServers.split(','), requestTimeoutMs: 10_000, retryBackoffMs: 50 },
      connectorName: name,
      config,
      settings: { commitIntervalMs: 100, sessionTimeoutMs: 6_000, heartbeatIntervalMs: 200, ...settings },
      openPipeline: logger => openPipeline({ plugins, injector: createInjector(), logger }, config, JSON_VALUES),
      logger: this.logger,
    })
    this.host = new SinkTaskHost({
      taskId: `${name}-0`,
      config,
      createTask: () => this.task,
      services,
      partitions: this.partitions.view(`${name}-0`),
      logger: this.logger,
    })
    this.ended = this.host.run()
  }

  async stop(): Promise<void> {
    await this.host.stop()
    await this.ended
  }
}

const JSON_VALUES = {
  'key.converter': 'StringConverter',
  'value.converter': 'JsonConverter',
  'value.converter.schemas.enable': 'false',
}
