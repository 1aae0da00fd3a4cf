import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { OffsetMapStore } from '../../connectors/mirror/offset-map/offset-map-store.ts'
import { translateOffset } from '../../connectors/mirror/offset-map/offset-translator.ts'
import { OffsetSyncStore } from '../../connectors/mirror/offset-syncs/offset-sync-store.ts'
import { MemoryOffsetStore } from '../../framework/storage/memory-offset-store.ts'
import { type Bridge, type DumpedRecord, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { expectedOffsets, ofPartition } from './expected-offsets.ts'
import { startMirror } from './mirror-harness.ts'
import { testClient } from './test-cluster.ts'

describe('offset syncs and the exact map', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const starting = [startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()] as const
    ;[source, target, bridge] = await Promise.all(starting)
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  const awaitCopied = async (topic: string): Promise<readonly [DumpedRecord[], DumpedRecord[]]> => {
    const originals = await bridge.dump(source, topic)
    const copies = await eventually(
      `${originals.length} records of A.${topic}`,
      () => bridge.dump(target, `A.${topic}`),
      records => records.length >= originals.length,
    )
    return [originals, copies]
  }

  async function assertTranslations(topic: string, syncsOn: KafkaCluster, syncsTopic: string): Promise<void> {
    const [originals, copies] = await awaitCopied(topic)
    const [there, here] = [testClient(syncsOn.bootstrapServers), testClient(target.bootstrapServers)]
    const signal = AbortSignal.timeout(30_000)
    try {
      const map = await OffsetMapStore.open(here.cluster, 'A', signal)
      const syncs = await OffsetSyncStore.open(there.cluster, { topic: syncsTopic, mustReadToEnd: false }, signal)
      for (const partition of new Set(originals.map(record => record.partition))) {
        const knowledge = {
          map: map.runsOf(topic, partition),
          proven: syncs.table.proven(topic, partition),
          slots: syncs.table.slots(topic, partition),
        }
        assert.ok(knowledge.slots !== null, 'syncs are written')
        expectedOffsets(ofPartition(originals, partition), ofPartition(copies, partition)).forEach((offset, committed) => {
          assert.deepEqual(
            translateOffset(knowledge, committed),
            { offset, exactness: 'exact' },
            `${topic}-${partition}: ${committed}`,
          )
          const low = syncs.table.translateDownstream(topic, partition, committed)
          assert.ok(low === null || low <= offset, `${topic}-${partition}: ${committed} by syncs alone -> ${low}`)
          const bySyncs = translateOffset({ ...knowledge, map: null }, committed)
          assert.ok(bySyncs === null || bySyncs.offset <= offset)
        })
      }
      await Promise.all([map.close(), syncs.close()])
    } finally {
      await Promise.all([there.cluster.close(), here.cluster.close()])
    }
  }

  test('every offset of a topic of transactions translates exactly, also after restarts', async () => {
    await bridge.createTopic(source, 'tx', { partitions: 2 })
    const offsetStore = new MemoryOffsetStore()
    for (let seed = 1; seed <= 3; seed++) {
      const mirror = await startMirror({ source, target, offsetStore, properties: { 'A->B.topics': 'tx' } })
      await bridge.writeTransactions(source, 'tx', { partitions: 2, transactions: 15, recordsPerTransaction: 30, seed })
      await awaitCopied('tx')
      await mirror.stop()
      await assertTranslations('tx', source, 'mm2-offset-syncs.B.internal')
    }
  })

  test('with the offset-syncs topic on the target, and for batches of every size', async () => {
    await bridge.createTopic(source, 'sizes')
    const properties = { 'A->B.topics': 'sizes', 'offset-syncs.topic.location': 'target', 'offset.lag.max': '10' }
    const mirror = await startMirror({ source, target, properties })
    const records = Array.from({ length: 300 }, (_, i) => ({ value: `${i}` }))
    for (const batchBytes of [0, 200, 65_536]) await bridge.produce(source, 'sizes', records, { batchBytes })
    await awaitCopied('sizes')
    await mirror.stop()
    await assertTranslations('sizes', target, 'mm2-offset-syncs.A.internal')
  })

  test('where nothing may be written about offsets, records are copied all the same', async () => {
    await bridge.createTopic(source, 'unwritten')
    const properties = { 'A->B.topics': 'unwritten', 'offset-syncs.topic.replication.factor': '3', 'A->B.name': 'unwritten' }
    const target2 = await startCluster({ name: 'c' })
    try {
      const mirror = await startMirror({ source, target: target2, properties })
      await bridge.produce(source, 'unwritten', [{ value: 'x' }])
      await mirror.log.awaitLine(
        /Topic isthmus-offset-map\.A\.internal cannot be created.*offset-syncs\.topic\.replication\.factor = 3/,
      )
      await eventually(
        'one record',
        () => bridge.dump(target2, 'A.unwritten'),
        copies => copies.length === 1,
      )
      await mirror.stop()
    } finally {
      await target2.stop()
    }
  })
})
