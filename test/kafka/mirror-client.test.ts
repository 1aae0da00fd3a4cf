import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkpointFormat, MirrorClient, type RemoteOffset, translateOffsets } from '../../connectors/mirror/index.ts'
import { TopicLog } from '../../framework/kafka/topic-log.ts'
import { MemoryLogger } from '../../framework/testing/index.ts'
import {
  type Bridge,
  type KafkaCluster,
  type MirrorMaker,
  runJava,
  startBridge,
  startCluster,
  startMirrorMaker,
} from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { testClient } from './test-cluster.ts'

const GROUP = 'billing'
const CHECKPOINTS = 'A.checkpoints.internal'

describe('the client library on topics of a Java MirrorMaker 2', { timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let java: MirrorMaker
  let client: MirrorClient
  const logger = new MemoryLogger()
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers }, { logger })
    await bridge.createTopic(a, 'orders', { partitions: 2 })
    await bridge.produce(
      a,
      'orders',
      Array.from({ length: 100 }, (_, i) => ({ partition: i % 2, value: `${i}` })),
    )
    await bridge.alterGroupOffsets(a, GROUP, [
      { topic: 'orders', partition: 0, offset: 50, metadata: 'from a test' },
      { topic: 'orders', partition: 1, offset: 50 },
    ])
    java = await startMirrorMaker({
      properties: {
        clusters: 'A, B',
        'A.bootstrap.servers': a.bootstrapServers,
        'B.bootstrap.servers': b.bootstrapServers,
        'A->B.enabled': 'true',
        'A->B.topics': 'orders',
        'A->B.groups': GROUP,
        'refresh.topics.interval.seconds': '1',
        'refresh.groups.interval.seconds': '1',
        'emit.checkpoints.interval.seconds': '1',
        'sync.topic.acls.enabled': 'false',
      },
    })
    await bridge.awaitRecords(b, 'A.heartbeats', 1)
    const isWhole = (offsets: readonly RemoteOffset[]): boolean => offsets.length === 2
    const ask = (): Promise<readonly RemoteOffset[]> => client.remoteConsumerOffsets(GROUP, 'A').catch(() => [])
    await eventually('checkpoints of both partitions', ask, isWhole)
    await java.stop()
  })
  after(async () => {
    await Promise.all([client?.close(), java?.kill()])
    await Promise.all([a?.stop(), b?.stop(), bridge?.close()])
  })

  const textOf = ({ topic, partition, offset, metadata }: RemoteOffset): string => `${topic}-${partition}=${offset}/${metadata}`

  /** What Java's client tells, line by line. */
  async function javaTells(): Promise<readonly string[]> {
    const { stdout, stderr } = await runJava({ file: 'RemoteCluster.java', args: [b.bootstrapServers, 'A', GROUP] })
    assert.match(stdout, /offsets/, stderr)
    return stdout.trim().split('\n')
  }

  async function weTell(): Promise<readonly string[]> {
    const list = (names: readonly string[]): string => `[${names.toSorted().join(', ')}]`
    return [
      `heartbeatTopics ${list(await client.heartbeatTopics())}`,
      `checkpointTopics ${list(await client.checkpointTopics())}`,
      `upstreamClusters ${list(await client.upstreamClusters())}`,
      `remoteTopics ${list(await client.remoteTopics())}`,
      `hops ${await client.replicationHops('A')}`,
      `offsets ${list((await client.remoteConsumerOffsets(GROUP, 'A')).map(textOf))}`,
    ]
  }

  test("tells what Java's client tells", async () => {
    const ours = await weTell()
    assert.deepEqual(ours, await javaTells())
    assert.deepEqual(ours.slice(0, 5), [
      'heartbeatTopics [A.heartbeats, heartbeats]',
      `checkpointTopics [${CHECKPOINTS}]`,
      'upstreamClusters [A]',
      'remoteTopics [A.heartbeats, A.orders]',
      'hops 1',
    ])
    assert.match(ours[5] ?? '', /^offsets \[A\.orders-0=\d+\/from a test, A\.orders-1=\d+\/\]$/)
  })

  test('passes over what is no checkpoint, and forgets deleted ones', async () => {
    const { cluster } = testClient(b.bootstrapServers)
    const log = await TopicLog.open(cluster, { topic: CHECKPOINTS, onRecord: () => undefined }, AbortSignal.timeout(10_000))
    const { key, value } = checkpointFormat.encode({
      group: GROUP,
      topic: 'A.orders',
      partition: 0,
      upstreamOffset: 7,
      downstreamOffset: 9,
      metadata: 'm',
    })
    const bad = Buffer.from([0])
    await log.append(
      [
        { key: bad, value: bad },
        { key, value: bad },
        { key, value },
        { key: checkpointFormat.encodeKey({ group: GROUP, topic: 'A.orders', partition: 1 }), value: null },
      ],
      AbortSignal.timeout(10_000),
    )
    await log.close()
    await cluster.close()
    const offsets = await translateOffsets({ 'bootstrap.servers': b.bootstrapServers }, 'A', GROUP, { logger })
    assert.deepEqual(offsets, [{ topic: 'A.orders', partition: 0, offset: 9, metadata: 'm' }])
    const warnings = logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
    assert.equal(warnings.length, 2)
    for (const warning of warnings) assert.match(warning, /passed over: A\.checkpoints\.internal-0 at offset \d+: no checkpoint/)
  })

  test('a group without checkpoints has no offsets; an alias without a topic is an error', async () => {
    assert.deepEqual(await client.remoteConsumerOffsets('nobody', 'A'), [])
    await assert.rejects(client.remoteConsumerOffsets(GROUP, 'C'), {
      code: 'CHECKPOINTS_MISSING',
      message: /there is no topic C\.checkpoints\.internal on .*: check the alias/,
    })
  })

  test('too little time is an error, and so is a cluster that is away', async () => {
    await assert.rejects(client.remoteConsumerOffsets(GROUP, 'A', { timeoutMs: 0 }), { code: 'CHECKPOINTS_TIMEOUT' })
    const away = new MirrorClient({ 'bootstrap.servers': '127.0.0.1:1' }, { timeoutMs: 200 })
    await assert.rejects(away.upstreamClusters(), { code: 'CONNECT_FAILED' })
    await assert.rejects(away.remoteConsumerOffsets(GROUP, 'A'), { code: 'CONNECT_FAILED' })
    await away.close()
  })
})
