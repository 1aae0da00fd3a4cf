import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

const PARTITIONS = 4
/** Records of 1 KB per second. */
const RATE = 5_000
const OUTAGE_MS = 60_000

describe('a cluster is down for a minute, under load', { timeout: 280_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const segments = { 'log.segment.bytes': '1048576' }
    ;[source, target, bridge] = await Promise.all([
      startCluster({ name: 'a', config: segments }),
      startCluster({ name: 'b' }),
      startBridge(),
    ])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const startWith = async (topic: string): Promise<MirrorProcess> => {
    const mirror = new MirrorProcess({ properties: mirrorProperties(source, target, { 'A->B.topics': topic }) })
    await mirror.awaitState('RUNNING')
    return mirror
  }

  test('the target: memory stays small, all is copied afterwards, without a hand', async t => {
    const topic = 'target-down'
    await bridge.createTopic(source, topic, { partitions: PARTITIONS })
    const mirror = await startWith(topic)
    t.after(() => mirror.kill())
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: RATE, compressible: false })
    await bridge.awaitRecords(target, `A.${topic}`, 3 * RATE)
    await target.brokers[0]!.kill()
    await sleep(OUTAGE_MS)
    await target.brokers[0]!.start()
    const { sent, failed } = await load.stop()
    const comparison = await settled(bridge, source, target, topic)
    const peakMb = Math.round(mirror.peakRssMb())
    t.diagnostic(`${sent} records, ${comparison.duplicated} twice, a peak of ${peakMb} MB`)
    assert.deepEqual([comparison.source, failed], [sent, 0])
    assert.deepEqual([comparison.missing, comparison.reordered, comparison.unexpected], [0, 0, 0], comparison.examples.join())
    assert.ok(comparison.duplicated <= 1.5 * RATE, 'a second of traffic, and what was under way when the broker died')
    assert.ok(peakMb < 256, `${peakMb} MB`)
  })

  test('the target, while retention at the source goes on: what was copied and what was counted are what was written', async t => {
    const topic = 'retention'
    await bridge.createTopic(source, topic, { partitions: PARTITIONS })
    const properties = mirrorProperties(source, target, {
      'A->B.topics': topic,
      'sync.topic.configs.enabled': 'false',
      'B.session.timeout.ms': '300000',
    })
    const mirror = new MirrorProcess({ properties, args: ['--summary-interval', '1'] })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    await bridge.produce(source, topic, [{ partition: 0, value: 'first' }])
    await bridge.awaitRecords(target, `A.${topic}`, 1)
    await target.brokers[0]!.kill()
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: 0, count: 120_000, compressible: false })
    const { acknowledged } = await load.done
    await bridge.alterConfig(source, { topic }, { set: { 'retention.bytes': '2000000' } })
    const shrunk = async (): Promise<boolean> => (await bridge.offsets(source, topic)).every(({ earliest }) => earliest > 20_000)
    while (!(await shrunk())) await sleep(500)
    await target.brokers[0]!.start()
    assert.equal((await settled(bridge, source, target, topic)).missing, 0)
    const written = acknowledged.reduce((sum, n) => sum + n) + 1
    const copied = (await bridge.offsets(target, `A.${topic}`)).reduce((sum, { latest }) => sum + latest, 0)
    assert.ok(copied < written)
    await mirror.waitFor('the gaps in a summary', ({ gapRecords }) => gapRecords === written - copied)
    const lost = mirror.withCode('SOURCE_GAP').reduce((sum, { records }) => sum + (records as number), 0)
    assert.equal(lost, written - copied)
  })
})
