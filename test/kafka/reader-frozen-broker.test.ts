import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { after, before, test } from 'node:test'
import { Cluster } from '../../framework/kafka/cluster.ts'
import type { ReaderEvents } from '../../framework/kafka/reader/events.ts'
import type { ReadPartition } from '../../framework/kafka/reader/partition.ts'
import { KafkaReader } from '../../framework/kafka/reader/reader.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { EventLogger } from './event-logger.ts'

const FLOWING_MS = 10_000

let kafka: KafkaCluster
let bridge: Bridge

/** Of a broker that its controller counts out meanwhile, the epoch of each leader changes, which is news of every partition. */
before(async () => {
  const config = { 'broker.session.timeout.ms': '60000' }
  ;[kafka, bridge] = await Promise.all([startCluster({ name: 'frozen', config }), startBridge()])
})
after(async () => {
  await Promise.allSettled([kafka?.stop(), bridge?.close()])
})

test('partitions to which nothing is produced are in no trouble any more once a broker that froze goes on', {
  timeout: 60_000,
}, async () => {
  await bridge.createTopic(kafka, 'still', { partitions: 2 })
  const told = new EventEmitter()
  const troubled = new Set<ReadPartition>()
  const heard = new Set<ReadPartition>()
  const events: ReaderEvents = {
    gap: () => 'continue',
    truncated: () => 'continue',
    recreated: () => 'continue',
    failed: (partition, error) => assert.fail(`${partition.name}: ${error.message}`),
    retrying: partition => {
      troubled.add(partition)
      if (troubled.size === 2) told.emit('all in trouble')
    },
    flowing: partition => {
      troubled.delete(partition)
      if (troubled.size === 0) told.emit('all flow')
    },
    measured: partition => {
      heard.add(partition)
      if (heard.size === 2) told.emit('all heard')
    },
  }
  const cluster = new Cluster(
    {
      bootstrapServers: kafka.bootstrapServers.split(','),
      clientId: 'frozen-test',
      connectionTimeoutMs: 5_000,
      requestTimeoutMs: 30_000,
      metadataMaxAgeMs: 300_000,
      retryBackoffMs: 50,
      retryBackoffMaxMs: 500,
    },
    new EventLogger(),
  )
  const reader = new KafkaReader(cluster, events)
  const { pid } = kafka.brokers[0]!
  try {
    const allHeard = once(told, 'all heard', { signal: AbortSignal.timeout(FLOWING_MS) })
    reader.add([0, 1].map(partition => ({ topic: 'still', partition, offset: 0 })))
    await allHeard
    const inTrouble = once(told, 'all in trouble', { signal: AbortSignal.timeout(FLOWING_MS) })
    process.kill(pid!, 'SIGSTOP')
    await inTrouble
    const flow = once(told, 'all flow', { signal: AbortSignal.timeout(FLOWING_MS) })
    process.kill(pid!, 'SIGCONT')
    await flow
  } finally {
    process.kill(pid!, 'SIGCONT')
    await reader.close()
  }
})
