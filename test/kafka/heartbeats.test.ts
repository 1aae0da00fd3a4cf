import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  heartbeatFormat,
  heartbeatText,
  heartbeatTopics,
  replicationHops,
  upstreamClusters,
} from '../../connectors/mirror/index.ts'
import { type Bridge, type DumpedRecord, type KafkaCluster, runJava, startBridge, startCluster } from '../kafka-tool/index.ts'
import { startMirror } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'

const BEATING = {
  'emit.heartbeats.enabled': 'true',
  'emit.heartbeats.interval.seconds': '0',
  'heartbeats.topic.replication.factor': '1',
}
const FORMATTER = 'org.apache.kafka.connect.mirror.formatters.HeartbeatFormatter'

describe('heartbeats', { timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([a?.stop(), b?.stop(), bridge?.close()]))

  /** `A->B` and so on: between whom the heartbeats of a topic go. */
  async function pairsIn(cluster: KafkaCluster, topic: string): Promise<readonly string[]> {
    const beats = (await bridge.dump(cluster, topic)).map(record => heartbeatFormat.decode(topic, record)!)
    return [...new Set(beats.map(beat => `${beat.sourceClusterAlias}->${beat.targetClusterAlias}`))]
  }

  test('go to the target of every pair of clusters, and on with the flow that copies', async t => {
    const mirror = await startMirror({
      source: a,
      target: b,
      properties: { ...BEATING, 'A->B.topics': 'none', 'refresh.topics.interval.seconds': '1' },
    })
    t.after(() => mirror.stop())
    await Promise.all([bridge.awaitRecords(a, 'heartbeats', 3), bridge.awaitRecords(b, 'heartbeats', 3)])
    await bridge.awaitRecords(b, 'A.heartbeats', 3)
    assert.deepEqual(await pairsIn(b, 'heartbeats'), ['A->B'])
    assert.deepEqual(await pairsIn(a, 'heartbeats'), ['B->A'])
    assert.deepEqual(await pairsIn(b, 'A.heartbeats'), ['B->A'])
    const roles = mirror.status().map(({ name, role, state, partitions }) => [name, role, state, partitions])
    assert.deepEqual(roles, [
      ['A->B', 'copy', 'RUNNING', 1],
      ['B->A', 'heartbeats', 'RUNNING', 0],
    ])
    await mirror.stop()
    assert.deepEqual(
      mirror.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message),
      [],
    )
  })

  test('tell applications which clusters lie behind', async () => {
    const properties = { 'bootstrap.servers': b.bootstrapServers }
    assert.deepEqual(await heartbeatTopics(properties), ['A.heartbeats', 'heartbeats'])
    assert.deepEqual(await upstreamClusters(properties), ['A'])
    assert.deepEqual([await replicationHops(properties, 'A'), await replicationHops(properties, 'B')], [1, -1])
  })

  test('lie in a compacted topic of one partition, with the offsets that MirrorMaker 2 would store', async () => {
    const [{ partitions }, config] = await Promise.all([
      bridge.describeTopic(b, 'heartbeats'),
      bridge.describeConfig(b, { topic: 'heartbeats' }),
    ])
    assert.deepEqual([partitions.length, config['cleanup.policy']?.value], [1, 'compact'])
    const isOfHeartbeats = ({ key }: DumpedRecord): boolean => key?.toString().includes('MirrorHeartbeatConnector') === true
    const stored = (await bridge.dump(b, 'mm2-offsets.A.internal')).filter(isOfHeartbeats)
    const texts = new Set(stored.map(({ key, value }) => `${key} ${value}`))
    const key = '["MirrorHeartbeatConnector",{"sourceClusterAlias":"A","targetClusterAlias":"B"}]'
    assert.deepEqual([...texts], [`${key} {"offset":0}`])
  })

  test("are printed by Java's own formatter as by ours", async () => {
    const records = await bridge.dump(b, 'heartbeats')
    const { stdout } = await runJava({
      mainClass: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
      args: `--bootstrap-server ${b.bootstrapServers} --topic heartbeats --from-beginning --formatter ${FORMATTER} --max-messages ${records.length}`.split(
        ' ',
      ),
    })
    const ours = records.map(record => heartbeatText(heartbeatFormat.decode('heartbeats', record)!))
    assert.deepEqual(stdout.trim().split('\n'), ours)
  })

  test('that cannot be written stop no copying; the setting to mend is named', async t => {
    const topic = 'copied-all-the-same'
    await bridge.deleteTopic(b, 'heartbeats')
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, [{ value: '1' }])
    const mirror = await startMirror({
      source: a,
      target: b,
      properties: {
        ...BEATING,
        'B->A.emit.heartbeats.enabled': 'false',
        'heartbeats.topic.replication.factor': '3',
        'A->B.topics': topic,
      },
    })
    t.after(() => mirror.stop())
    await bridge.awaitRecords(b, `A.${topic}`, 1)
    const remedy = /heartbeats\.topic\.replication\.factor = 3: .*cluster B has fewer brokers: set it to 1/
    await mirror.awaitStatus('the cause shown', flows => flows.some(({ cause }) => remedy.test(cause ?? '')))
    assert.deepEqual(
      mirror.status().map(({ state }) => state),
      ['RUNNING'],
    )
  })

  test('alone are enough for a mirror', async t => {
    const properties = { ...BEATING, 'A->B.enabled': 'false', 'B->A.emit.heartbeats.enabled': 'false' }
    const isThere = (topics: readonly string[]): boolean => topics.includes('heartbeats')
    await eventually(
      'the topic deleted',
      () => bridge.listTopics(b),
      topics => !isThere(topics),
    )
    const mirror = await startMirror({ source: a, target: b, properties })
    t.after(() => mirror.stop())
    await bridge.awaitRecords(b, 'heartbeats', 3)
    assert.deepEqual(
      mirror.status().map(({ name, role }) => [name, role]),
      [['A->B', 'heartbeats']],
    )
  })
})
