import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Cluster } from '../../framework/kafka/cluster.ts'
import type { ReaderEvents } from '../../framework/kafka/reader/events.ts'
import { KafkaReader } from '../../framework/kafka/reader/reader.ts'
import { defaultReaderSettings } from '../../framework/kafka/reader/settings.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { EventLogger } from './event-logger.ts'

let kafka: KafkaCluster
let bridge: Bridge

before(async () => {
  const config = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' }
  ;[kafka, bridge] = await Promise.all([startCluster({ name: 'racks', brokers: 3, config }), startBridge()])
})
after(async () => {
  await Promise.allSettled([kafka?.stop(), bridge?.close()])
})

const silent: ReaderEvents = {
  gap: () => 'continue',
  truncated: () => 'continue',
  recreated: () => 'continue',
  retrying: () => undefined,
  flowing: () => undefined,
  failed: (partition, error) => assert.fail(`${partition.name}: ${error.message}`),
  measured: () => undefined,
}

test('a reader that names its rack reads from the replica there, and from the leader when that replica dies', {
  timeout: 60_000,
}, async () => {
  await bridge.createTopic(kafka, 'near', { partitions: 1, replicationFactor: 3 })
  const { partitions } = await bridge.describeTopic(kafka, 'near')
  const near = [1, 2, 3].find(id => id !== partitions[0]?.leader) as number
  const cluster = new Cluster(
    {
      bootstrapServers: kafka.bootstrapServers.split(','),
      clientId: 'rack-test',
      connectionTimeoutMs: 5_000,
      requestTimeoutMs: 10_000,
      metadataMaxAgeMs: 300_000,
      retryBackoffMs: 50,
      retryBackoffMaxMs: 500,
    },
    new EventLogger(),
  )
  const reader = new KafkaReader(cluster, silent, { ...defaultReaderSettings, rack: `rack-${near}` })
  const [partition] = reader.add([{ topic: 'near', partition: 0, offset: 0 }])
  const { signal } = new AbortController()
  const readUpTo = async (offset: number): Promise<void> => {
    while ((partition?.offset ?? 0) < offset) await reader.next(signal)
  }
  try {
    await bridge.produce(kafka, 'near', [{ value: 'one' }, { value: 'two' }])
    await readUpTo(2)
    assert.equal(partition?.leaderId, near)
    await kafka.brokers.find(({ id }) => id === near)?.kill()
    await bridge.produce(kafka, 'near', [{ value: 'three' }])
    await readUpTo(3)
    assert.notEqual(partition?.leaderId, near)
  } finally {
    await reader.close()
  }
})
