// Not run: compiled by package.test.ts within a project that has nothing but the packed package.

import {
  ConnectError,
  type ConnectorContext,
  createInjector,
  createLogger,
  type Demand,
  defaultRestartSettings,
  type Logger,
  MemoryOffsetStore,
  openKafkaServices,
  PluginRegistry,
  pollWith,
  SourceConnector,
  SourceTask,
  type SourceTaskContext,
  Worker,
} from 'isthmus'
import { checkMirrorFile, type FlowStatus, openMirror, REPLICATION_POLICY } from 'isthmus/connectors/mirror'
import { BaseReplicationPolicy, DefaultReplicationPolicy, type ReplicationPolicy } from 'isthmus/policies'
import { MemoryPartWriter, TaskHarness } from 'isthmus/testing'
import type { Subscription } from 'rxjs'

class Ticks extends SourceTask {
  #n = 0
  async start(context: SourceTaskContext): Promise<void> {
    const [stored] = await context.offsets([{ clock: 'wall' }])
    this.#n = Number(stored?.n ?? 0)
  }
  batches = pollWith(async ({ signal }: Demand) => {
    if (signal.aborted) throw new ConnectError('CLOCK_STOPPED', 'the clock has stopped', { kind: 'retriable', stage: 'poll' })
    const record = { topic: 'ticks', key: null, value: Buffer.from('tick'), headers: [], timestamp: Date.now() }
    return [{ sourcePartition: { clock: 'wall' }, sourceOffset: { n: ++this.#n }, records: [record] }]
  })
}

class TicksConnector extends SourceConnector {
  readonly definition = { every: { type: 'int', default: '1000', min: 1, doc: 'milliseconds between ticks' } } as const
  #config: Readonly<Record<string, string>> = {}
  async start(context: ConnectorContext): Promise<void> {
    this.#config = context.config
  }
  async taskConfigs(maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]> {
    return Array.from({ length: Math.min(maxTasks, 1) }, () => this.#config)
  }
  createTask(): SourceTask {
    return new Ticks()
  }
}

export class MyPolicy extends BaseReplicationPolicy {
  formatRemoteTopic(alias: string, topic: string): string {
    return `${topic}@${alias}`
  }
  topicSource(topic: string): string | null {
    return topic.split('@')[1] ?? null
  }
  upstreamTopic(topic: string): string | null {
    return topic.includes('@') ? topic.slice(0, topic.lastIndexOf('@')) : null
  }
}

export async function drive(): Promise<number> {
  const harness = await TaskHarness.start(new Ticks(), { offsets: new MemoryOffsetStore(), maxRecords: 1 })
  const { parts } = await harness.demand()
  for (const part of parts) harness.ack(part, { baseOffset: 0 })
  await harness.stop()
  return new MemoryPartWriter({ mode: 'manual' }).pending
}

export async function embed(logger: Logger = createLogger({ level: 'warn' })): Promise<void> {
  const services = await openKafkaServices({
    client: { bootstrapServers: ['localhost:9092'], sasl: { mechanism: 'scram-sha-512', username: 'me', password: 'x' } },
    connectorName: 'ticks',
    topics: ['ticks'],
    offsetsTopic: { name: 'offsets', replicationFactor: 3 },
    codec: 'zstd',
    logger,
  })
  const worker = new Worker({ restart: { ...defaultRestartSettings, max: 3 }, gracefulTimeoutMs: 5_000, logger })
  const watching: Subscription = worker.status$.subscribe({
    next: ({ connectors }) => logger.info({ count: connectors.length }, 'connectors'),
    error: console.error,
  })
  await worker.startConnector({ name: 'ticks', config: {}, createConnector: () => new TicksConnector(), maxTasks: 1, services })
  watching.unsubscribe()
  await worker.stop()
  await services.close()
}

export async function mirror(): Promise<readonly FlowStatus[]> {
  const policy: ReplicationPolicy = new DefaultReplicationPolicy()
  const injector = createInjector()
  injector.provide(REPLICATION_POLICY, () => policy)
  const plugins = new PluginRegistry().loader([process.cwd()])
  const maker = await openMirror('mm2.properties', { injector, plugins, logger: createLogger(), program: 'my-program/1.0' })
  maker.start()
  await maker.stop()
  return maker.status()
}

export const flows: readonly string[] = checkMirrorFile({ clusters: 'a, b' }, { env: {} }).flows.map(flow => flow.name)
