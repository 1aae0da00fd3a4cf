import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { RunningSink } from './running-sink.ts'
import { testClient } from './test-cluster.ts'

describe('a sink whose brokers die', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([
      startCluster({ name: 'brokers', brokers: 3, config: { 'min.insync.replicas': '2' }, heapMb: 320 }),
      startBridge(),
    ])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const coordinatorOf = async (group: string): Promise<string> => {
    const { cluster } = testClient(kafka.bootstrapServers)
    const { address } = await cluster.coordinatorConnection(group)
    await cluster.close()
    return address
  }

  test('the coordinator among them, under load: every record is written, in order, and committed; membership and partitions stay', async t => {
    const topic = 'killed'
    await bridge.createTopic(kafka, topic, { partitions: 3, replicationFactor: 3 })
    const settings = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 }
    const sink = new RunningSink(kafka, { group: 'killed', selection: { topics: [topic] }, settings })
    t.after(() => sink.stop())
    const load = await bridge.startLoad(kafka, topic, { partitions: 3, rate: 500 })
    await sink.task.has(500)
    const address = await coordinatorOf('killed')
    const broker = kafka.brokers.find(({ port }) => address.endsWith(`:${port}`))
    assert.ok(broker !== undefined, address)
    await broker.kill()
    await sink.task.has(sink.task.records.length + 1_000)
    await broker.start()
    await sink.task.has(sink.task.records.length + 1_000)
    const { acknowledged, failed } = await load.stop()
    assert.equal(failed, 0)
    const total = acknowledged.reduce((sum, count) => sum + count)
    await sink.task.has(total)
    for (const partition of [0, 1, 2]) {
      const offsets = sink.task.records.filter(record => record.partition === partition).map(({ offset }) => offset)
      assert.deepEqual(
        offsets,
        Array.from({ length: acknowledged[partition]! }, (_, offset) => offset),
      )
    }
    const ends = acknowledged.map((count, partition) => `${partition} at ${count}`)
    await eventually(
      'committed',
      async () => (await bridge.groupOffsets(kafka, 'killed')).map(({ partition, offset }) => `${partition} at ${offset}`).sort(),
      committed => String(committed) === String(ends),
    )
    assert.deepEqual([sink.task.told, sink.host.generationId], [['open 0 1 2'], 1])
  })
})
