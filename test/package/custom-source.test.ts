import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type EventsService, startEventsService } from './events-service.ts'

const program = new URL('../../examples/custom-source/run.ts', import.meta.url).pathname

describe('examples/custom-source, run against Kafka', () => {
  let cluster: KafkaCluster
  let bridge: Bridge
  let service: EventsService

  before(async () => {
    ;[cluster, bridge, service] = await Promise.all([startCluster(), startBridge(), startEventsService()])
    await bridge.createTopic(cluster, 'events', { partitions: 3 })
  })
  after(async () => {
    await Promise.all([bridge?.close(), cluster?.stop(), service?.close()])
  })

  /** Runs the program until Kafka has so many records. */
  async function runUntil(records: number): Promise<void> {
    const child = spawn(process.execPath, [program, service.url, 'events', cluster.bootstrapServers], {
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    let log = ''
    child.stderr.on('data', (bytes: Buffer) => {
      log += bytes.toString()
    })
    const exited = once(child, 'exit')
    try {
      await bridge.awaitRecords(cluster, 'events', records)
    } finally {
      child.kill('SIGTERM')
    }
    assert.deepEqual(await exited, [0, null], log)
  }

  test('events arrive once and in order per key, also across a restart', async () => {
    service.add(25_000)
    await runUntil(25_000)
    service.add(10)
    await runUntil(25_010)
    const dumped = await bridge.dump(cluster, 'events')
    assert.equal(dumped.length, 25_010)
    const lastOfUser = new Map<string, number>()
    for (const { partition, key, value, timestamp } of dumped) {
      const { id, user, time } = JSON.parse(String(value)) as { id: number; user: string; time: number }
      assert.deepEqual([String(key), timestamp], [user, time])
      assert.ok(id > (lastOfUser.get(user) ?? 0))
      lastOfUser.set(user, id)
      assert.ok(partition < 3)
    }
    const batches = await Promise.all([0, 1, 2].map(partition => bridge.batches(cluster, 'events', partition)))
    assert.deepEqual([...new Set(batches.flat().map(({ codec }) => codec))], ['lz4'])
  })

  test('keys go to the partitions where Java’s default partitioner puts them', async () => {
    await bridge.createTopic(cluster, 'java', { partitions: 3 })
    const users = Array.from({ length: 7 }, (_, i) => `user-${i}`)
    const placed = await bridge.produce(
      cluster,
      'java',
      users.map(key => ({ key, value: '' })),
    )
    const ours = new Map((await bridge.dump(cluster, 'events')).map(({ key, partition }) => [String(key), partition]))
    assert.deepEqual(
      users.map(user => ours.get(user)),
      placed.map(([partition]) => partition),
    )
  })
})
