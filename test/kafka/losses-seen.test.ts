import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { numbered } from './losses.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

describe('what an operator sees of losses', { timeout: 120_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const start = async (t: TestContext, more: Readonly<Record<string, string>>): Promise<MirrorProcess> => {
    const properties = mirrorProperties(source, target, more)
    const mirror = new MirrorProcess({ properties, args: ['--summary-interval', '1'] })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    return mirror
  }

  test('a topic deleted for good costs next to nothing, holds up no other, and is given up at the next refresh', async t => {
    for (const topic of ['deleted', 'deleted-not']) await bridge.createTopic(source, topic, { partitions: 4 })
    await bridge.produce(source, 'deleted', numbered(4, 10))
    const mirror = await start(t, { 'A->B.topics': 'deleted.*', 'refresh.topics.interval.seconds': '8' })
    await bridge.awaitRecords(target, 'A.deleted', 40)
    await bridge.deleteTopic(source, 'deleted')
    await mirror.waitFor('retries shown', ({ partitions }) => Number((partitions as { RETRYING?: number })?.RETRYING) === 4)
    const before = mirror.cpuSeconds()
    await sleep(3_000)
    const share = (mirror.cpuSeconds() - before) / 3
    t.diagnostic(`${(100 * share).toFixed(1)} % of a core`)
    assert.ok(share < 0.15, `${100 * share} % of a core`)
    await bridge.produce(source, 'deleted-not', numbered(4, 10))
    assert.ok((await settled(bridge, source, target, 'deleted-not')).equal)
    await mirror.waitFor('given up', ({ msg }) => /copying 4 partitions of 1 topics/.test(msg))
    await bridge.produce(source, 'deleted-not', numbered(4, 10, 10))
    assert.ok((await settled(bridge, source, target, 'deleted-not')).equal)
  })

  test('a gap is in the log at ERROR with its code, and counted in every summary after it', async t => {
    const topic = 'gap-seen'
    await bridge.createTopic(source, topic, { partitions: 2 })
    await bridge.produce(source, topic, numbered(2, 100))
    const first = await start(t, { 'A->B.topics': topic })
    await bridge.awaitRecords(target, `A.${topic}`, 200)
    assert.equal((await first.terminate()).code, 0)
    await bridge.produce(source, topic, numbered(2, 100, 100))
    for (const partition of [0, 1]) await bridge.deleteRecords(source, topic, partition, 150)
    const mirror = await start(t, { 'A->B.topics': topic })
    assert.equal((await settled(bridge, source, target, topic)).missing, 0)
    const summary = await mirror.waitFor('the gaps in a summary', ({ gapRecords }) => gapRecords === 100)
    assert.equal(summary.gaps, 2)
    assert.match(summary.msg, /2 gaps \(100 records\)/)
    assert.deepEqual(
      mirror.withCode('SOURCE_GAP').map(({ records, fromOffset, toOffset }) => ({ records, fromOffset, toOffset })),
      [0, 1].map(() => ({ records: 50, fromOffset: 100, toOffset: 150 })),
    )
  })
})
