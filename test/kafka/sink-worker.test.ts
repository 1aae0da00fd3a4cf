import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  ConnectError,
  defaultRestartSettings,
  type SinkBatch,
  SinkConnector,
  sinkServices,
  Worker,
} from '../../framework/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { EventLogger } from './event-logger.ts'
import { eventually } from './eventually.ts'
import { KeepingSink } from './running-sink.ts'

class Keeping extends SinkConnector {
  readonly definition = {}
  readonly tasks: KeepingSink[] = []
  readonly #write: (batch: SinkBatch) => Promise<void>

  constructor(write: (batch: SinkBatch) => Promise<void>) {
    super()
    this.#write = write
  }

  async start(): Promise<void> {
    // nothing to prepare
  }

  async taskConfigs(maxTasks: number) {
    return Array.from({ length: maxTasks }, () => ({}))
  }

  createTask(): KeepingSink {
    const task = new KeepingSink(this.#write)
    this.tasks.push(task)
    return task
  }

  get values(): string[] {
    return this.tasks.flatMap(({ records }) => records.map(({ value }) => String(value))).sort()
  }
}

describe('a sink connector in a worker', { timeout: 90_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'worker' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  test('shares its partitions among its tasks, restarts one that fails where it had committed, and stops with all committed', async t => {
    const topic = 'shared'
    await bridge.createTopic(kafka, topic, { partitions: 4 })
    let failures = 0
    const connector = new Keeping(async ({ partition, firstOffset }) => {
      if (partition === 1 && firstOffset === 1 && failures++ === 0) {
        throw new ConnectError('BROKEN', 'the disk is full', { kind: 'fatal', stage: 'deliver' })
      }
    })
    const logger = new EventLogger()
    const worker = new Worker({ restart: { ...defaultRestartSettings, initialDelayMs: 50 }, gracefulTimeoutMs: 5_000, logger })
    t.after(() => worker.stop())
    const services = sinkServices({
      client: { bootstrapServers: kafka.bootstrapServers.split(',') },
      connectorName: 'keeper',
      config: { topics: topic },
      settings: { commitIntervalMs: 100, heartbeatIntervalMs: 200, sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000 },
      logger,
    })
    const createConnector = () => connector
    await worker.startConnector({
      kind: 'sink',
      name: 'keeper',
      config: { topics: topic },
      maxTasks: 2,
      createConnector,
      services,
    })
    const assigned = () => worker.status().connectors[0]!.tasks.map(({ partitions }) => partitions.length)
    await eventually(
      'shared',
      async () => assigned(),
      counts => String(counts) === '2,2',
    )
    const values = ['a', 'b', 'c']
    for (const value of values) {
      await bridge.produce(
        kafka,
        topic,
        [0, 1, 2, 3].map(partition => ({ partition, value: `${value}${partition}` })),
      )
    }
    const all = values.flatMap(value => [0, 1, 2, 3].map(partition => `${value}${partition}`)).sort()
    await eventually(
      'all written',
      async () => connector.values.length,
      count => count >= all.length,
    )
    assert.deepEqual(connector.values, all)
    const [status] = worker.status().connectors
    assert.equal(
      status!.tasks.reduce((sum, { restarts }) => sum + restarts, 0),
      1,
    )
    await worker.stop()
    const offsets = await bridge.groupOffsets(kafka, 'connect-keeper')
    assert.deepEqual(offsets.map(({ partition, offset }) => `${partition} at ${offset}`).sort(), [
      '0 at 3',
      '1 at 3',
      '2 at 3',
      '3 at 3',
    ])
    assert.equal((await bridge.describeGroup(kafka, 'connect-keeper')).members.length, 0)
  })
})
