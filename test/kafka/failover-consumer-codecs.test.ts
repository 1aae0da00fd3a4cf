import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AppConsumer, appClient, registerCodecs } from '../../framework/kafka/kafkajs/index.ts'
import { MemoryLogger } from '../../framework/testing/index.ts'
import { type Bridge, type Codec, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { testClient } from './test-cluster.ts'

/** By kafkajs' number, which is the protocol's. */
const CODECS: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const RECORDS = 200

describe('kafkajs with the codecs of Java', { timeout: 120_000 }, () => {
  let cluster: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[cluster, bridge] = await Promise.all([startCluster({ name: 'codecs' }), startBridge()])
    // The first group of a cluster waits for the topic of all groups, and kafkajs asks for it ever more rarely.
    await bridge.groupOffsets(cluster, 'the-first')
  })
  after(async () => {
    await Promise.all([bridge?.close(), cluster?.stop()])
  })

  const settings = () => {
    const client = testClient(cluster.bootstrapServers)
    return client.cluster.settings
  }
  /** Compressible, and of several sizes: more than one block of snappy and lz4 among them. */
  const textOf = (i: number): string => `${i}:${'order '.repeat(i === 7 ? 60_000 : i % 50)}`

  for (const codec of CODECS) {
    test(`reads what a Java producer wrote with ${codec}`, async () => {
      const topic = `java-${codec}`
      await bridge.createTopic(cluster, topic)
      await bridge.produce(
        cluster,
        topic,
        Array.from({ length: RECORDS }, (_, i) => ({ partition: 0, key: `${i}`, value: textOf(i) })),
        { codec },
      )
      const batches = await bridge.batches(cluster, topic, 0)
      assert.deepEqual([...new Set(batches.map(batch => batch.codec))], [codec])
      const seen: string[] = []
      const consumer = AppConsumer.start({
        cluster: settings(),
        logger: new MemoryLogger(),
        group: topic,
        topics: [topic],
        fromBeginning: true,
        settings: { maxWaitTimeMs: 100 },
        handlers: { eachMessage: async ({ message }) => void seen.push(message.value?.toString() ?? '') },
        onCrash: error => seen.push(`crashed: ${error.message}`),
      })
      await eventually(
        `${RECORDS} records`,
        async () => seen,
        ({ length }) => length >= RECORDS,
      )
      assert.equal(consumer.consumed.get(`${topic}-0`), RECORDS)
      assert.deepEqual(await consumer.stop({ drainTimeoutMs: 10_000, leaveTimeoutMs: 10_000 }), { drained: true })
      assert.deepEqual(
        seen,
        Array.from({ length: RECORDS }, (_, i) => textOf(i)),
      )
      assert.deepEqual(
        (await bridge.groupOffsets(cluster, topic)).map(({ offset }) => offset),
        [RECORDS],
      )
    })

    test(`writes with ${codec} what a Java consumer reads`, async () => {
      const topic = `kafkajs-${codec}`
      await bridge.createTopic(cluster, topic)
      registerCodecs()
      const producer = appClient(settings(), new MemoryLogger()).producer()
      await producer.connect()
      const messages = Array.from({ length: RECORDS }, (_, i) => ({ key: `${i}`, value: textOf(i), partition: 0 }))
      await producer.send({ topic, compression: CODECS.indexOf(codec), messages })
      await producer.disconnect()
      const batches = await bridge.batches(cluster, topic, 0)
      assert.deepEqual([...new Set(batches.map(batch => batch.codec))], [codec])
      assert.deepEqual(
        (await bridge.dump(cluster, topic)).map(({ value }) => value?.toString()),
        messages.map(({ value }) => value),
      )
    })
  }
})
