import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster, startMirrorMaker } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

/** Records per second. */
const RATE = 1_000
const PARTITIONS = 3

describe('Isthmus and MirrorMaker 2 take over from each other, with one file', { timeout: 180_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  test('there and back under load, nothing is copied twice and nothing is missed', async t => {
    const topic = 'handed-over'
    await bridge.createTopic(source, topic, { partitions: PARTITIONS })
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: RATE, codec: 'lz4' })
    const properties = mirrorProperties(source, target, { 'A->B.topics': topic })
    /** Records on the target now that nobody copies. */
    const copiedSoFar = async (): Promise<number> =>
      (await bridge.offsets(target, `A.${topic}`)).reduce((sum, { latest }) => sum + latest, 0)
    let copied = 0
    for (const round of [1, 2]) {
      const java = await startMirrorMaker({ properties })
      t.after(() => java.kill())
      await bridge.awaitRecords(target, `A.${topic}`, copied + 3 * RATE, { timeoutMs: 60_000 })
      const blocked = new MirrorProcess({ properties })
      t.after(() => blocked.kill())
      const line = await blocked.awaitState('BLOCKED')
      assert.match(line.msg, /a Java MirrorMaker 2 \(client .*\) runs in group A-mm2; nothing is copied until it has left/)
      await java.stop()
      await blocked.awaitState('RUNNING')
      await bridge.awaitRecords(target, `A.${topic}`, (await copiedSoFar()) + 3 * RATE)
      assert.equal((await blocked.terminate()).code, 0)
      copied = await copiedSoFar()
      t.diagnostic(`round ${round}: ${copied}`)
    }
    const java = await startMirrorMaker({ properties })
    t.after(() => java.kill())
    await bridge.awaitRecords(target, `A.${topic}`, copied + 3 * RATE, { timeoutMs: 60_000 })
    const { sent } = await load.stop()
    const comparison = await settled(bridge, source, target, topic)
    assert.equal(comparison.source, sent)
    assert.ok(comparison.equal, JSON.stringify(comparison))
    await java.stop()
  })
})
