import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { commitGroupOffsets, fetchGroupOffsets, isGroupActive } from '../../framework/kafka/admin/group-offsets.ts'
import { GroupOffsetsWatch } from '../../framework/kafka/admin/group-offsets-watch.ts'
import { isIdle, listGroups } from '../../framework/kafka/admin/groups.ts'
import type { Cluster } from '../../framework/kafka/cluster.ts'
import { retrying } from '../../framework/kafka/retry.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { testClient } from './test-cluster.ts'

describe('offsets of consumer groups', { concurrency: false }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  let cluster: Cluster
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'groups', brokers: 3 }), startBridge()])
    cluster = testClient(kafka.bootstrapServers).cluster
    await bridge.createTopic(kafka, 'orders', { partitions: 3 })
    await bridge.createTopic(kafka, 'bills', { partitions: 1 })
    await bridge.produce(kafka, 'orders', [{ partition: 0, value: 'x' }])
    await retrying(cluster, 'the first commit', () => plain('first', 'orders', 0), { timeoutMs: 30_000 })
  })
  after(async () => {
    await cluster?.close()
    await Promise.all([bridge?.close(), kafka?.stop()])
  })

  const plain = (group: string, topic: string, offset: number) =>
    commitGroupOffsets(cluster, group, [{ topic, partition: 0, offset, metadata: '' }])

  test('what is committed from outside is what Java reads, metadata and all, and the other way round', async () => {
    const offsets = [
      { topic: 'bills', partition: 0, offset: 2 ** 40, metadata: '' },
      { topic: 'orders', partition: 0, offset: 1, metadata: 'métadonnées' },
      { topic: 'orders', partition: 2, offset: 0, metadata: '' },
    ]
    await commitGroupOffsets(cluster, 'ours', offsets)
    const byPlace = (a: { topic: string; partition: number }, b: { topic: string; partition: number }) =>
      a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition
    assert.deepEqual(
      (await bridge.groupOffsets(kafka, 'ours')).map(offset => ({ metadata: '', ...offset })).sort(byPlace),
      offsets,
    )
    await bridge.alterGroupOffsets(kafka, 'theirs', offsets)
    assert.deepEqual([...(await fetchGroupOffsets(cluster, 'theirs'))].sort(byPlace), offsets)
    assert.deepEqual(await fetchGroupOffsets(cluster, 'nobody'), [])
  })

  test('a look tells only of groups that moved, whichever broker coordinates them', async () => {
    const groups = Array.from({ length: 20 }, (_, i) => `watched-${i}`)
    for (const group of groups) await plain(group, 'orders', 5)
    const watch = new GroupOffsetsWatch(cluster)
    const listed = await listGroups(cluster)
    const coordinators = new Map(groups.map(group => [group, listed.get(group)?.coordinator ?? -1]))
    assert.ok(new Set(coordinators.values()).size > 1, 'several coordinators')
    const first = await watch.look(coordinators)
    assert.deepEqual([...first.changed.keys()].sort(), [...groups].sort())
    assert.deepEqual(first.changed.get('watched-7'), [{ topic: 'orders', partition: 0, offset: 5, metadata: '' }])
    assert.equal((await watch.look(coordinators)).changed.size, 0)
    await plain('watched-3', 'orders', 6)
    await plain('watched-11', 'bills', 1)
    const second = await watch.look(coordinators)
    assert.deepEqual([...second.changed.keys()].sort(), ['watched-11', 'watched-3'])
    assert.equal(second.changed.get('watched-11')?.length, 2)
    watch.forget('watched-5')
    assert.deepEqual([...(await watch.look(coordinators)).changed.keys()], ['watched-5'])
  })

  for (const protocol of ['classic', 'consumer'] as const) {
    test(`a group of the ${protocol} protocol is listed with its state, and its offsets cannot be set while it has members`, async () => {
      const group = `with-members-${protocol}`
      const consumer = bridge.consume(kafka, { group, topics: ['orders'], protocol })
      await consumer.awaitRecords(1)
      const listed = (await listGroups(cluster)).get(group)
      assert.equal(listed?.protocolType, 'consumer')
      assert.equal(isIdle(listed?.state ?? ''), false)
      await assert.rejects(plain(group, 'orders', 0), isGroupActive)
      await consumer.stop()
      assert.equal(isIdle((await listGroups(cluster)).get(group)?.state ?? ''), true)
      await plain(group, 'orders', 0)
      assert.deepEqual(await fetchGroupOffsets(cluster, group), [{ topic: 'orders', partition: 0, offset: 0, metadata: '' }])
    })
  }
})
