import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startBridge, startCluster, startMirrorMaker } from '../kafka-tool/index.ts'

test('MirrorMaker 2 runs beside ours', async t => {
  const [source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  t.after(() => Promise.all([source.stop(), target.stop(), bridge.close()]))
  await bridge.createTopic(source, 'orders', { partitions: 2 })
  const written = await bridge.writeShapes(source, 'orders', { partitions: 2, codec: 'lz4' })
  const mirrorMaker = await startMirrorMaker({
    properties: {
      clusters: 'a, b',
      'a.bootstrap.servers': source.bootstrapServers,
      'b.bootstrap.servers': target.bootstrapServers,
      'a->b.enabled': 'true',
    },
  })
  await bridge.awaitRecords(target, 'a.orders', written, { timeoutMs: 60_000 })
  await mirrorMaker.stop()
  const comparison = await bridge.compare(source, target, 'orders', { targetTopic: 'a.orders' })
  assert.ok(comparison.equal, JSON.stringify(comparison))
  const offsets = await bridge.dump(target, 'mm2-offsets.a.internal')
  assert.ok(
    offsets.some(record => record.key!.includes('"topic":"orders"')),
    'it stored its source offsets as it stopped',
  )
})
