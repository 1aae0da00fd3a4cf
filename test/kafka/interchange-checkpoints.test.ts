import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Checkpoint,
  checkpointFormat,
  checkpointText,
  heartbeatFormat,
  heartbeatText,
  MirrorClient,
  offsetSyncFormat,
  offsetSyncText,
} from '../../connectors/mirror/index.ts'
import {
  type Bridge,
  type DumpedRecord,
  type KafkaCluster,
  runJava,
  startBridge,
  startCluster,
  startMirrorMaker,
} from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

const CHECKPOINTS = 'A.checkpoints.internal'
const SYNCS = 'mm2-offset-syncs.B.internal'
const GROUP = 'billing'
/** Stands among records that Java has copied. */
const BEHIND = 'reports'
const TOPIC = 'handed-over'

describe('Isthmus and MirrorMaker 2 work from what the other has written, with one file', { timeout: 240_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let client: MirrorClient
  let properties: Readonly<Record<string, string>>
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers })
    properties = mirrorProperties(a, b, {
      'A->B.topics': TOPIC,
      'A->B.groups': `${GROUP}, ${BEHIND}`,
      'A->B.emit.heartbeats.enabled': 'true',
      'emit.checkpoints.interval.seconds': '1',
      'refresh.groups.interval.seconds': '1',
      'sync.group.offsets.enabled': 'true',
      'sync.group.offsets.interval.seconds': '1',
      'offset.lag.max': '0',
      'B.offset.flush.interval.ms': '1000',
      'checkpoints.topic.replication.factor': '1',
      'heartbeats.topic.replication.factor': '1',
    })
  })
  after(async () => {
    await client?.close()
    await Promise.all([a?.stop(), b?.stop(), bridge?.close()])
  })

  const produce = (count: number) =>
    bridge.produce(
      a,
      TOPIC,
      Array.from({ length: count }, (_, i) => ({ partition: 0, value: `${i}` })),
    )

  const commit = (offset: number) =>
    bridge.alterGroupOffsets(a, GROUP, [{ topic: TOPIC, partition: 0, offset, metadata: `at ${offset}` }])

  /** Every checkpoint of the group there has been. */
  const checkpoints = async (): Promise<Checkpoint[]> =>
    (await bridge.dump(b, CHECKPOINTS))
      .flatMap(record => checkpointFormat.decode(CHECKPOINTS, record) ?? [])
      .filter(({ group }) => group === GROUP)

  const awaitCheckpoint = (upstreamOffset: number): Promise<Checkpoint[]> =>
    eventually(`a checkpoint at ${upstreamOffset}`, checkpoints, all => all.at(-1)?.upstreamOffset === upstreamOffset)

  const awaitTarget = (offset: number) =>
    eventually(
      `${GROUP} at ${offset} on the target`,
      () => bridge.groupOffsets(b, GROUP),
      ([found]) => found?.offset === offset,
    )

  const copiedOnce = async (count: number): Promise<void> => {
    const comparison = await settled(bridge, a, b, TOPIC)
    assert.equal(comparison.source, count)
    assert.ok(comparison.equal, JSON.stringify(comparison))
  }

  async function assertMonotonic(): Promise<void> {
    const all = await checkpoints()
    all.forEach(({ upstreamOffset, downstreamOffset }, i) => {
      const before = all[i - 1]
      if (before === undefined) return
      assert.ok(upstreamOffset >= before.upstreamOffset && downstreamOffset >= before.downstreamOffset, JSON.stringify(all))
    })
  }

  const javaTranslates = async (): Promise<string | undefined> => {
    const { stdout, stderr } = await runJava({ file: 'RemoteCluster.java', args: [b.bootstrapServers, 'A', GROUP] })
    assert.match(stdout, /offsets/, stderr)
    return stdout.trim().split('\n').at(-1)
  }

  const weTranslate = async (): Promise<string> => {
    const offsets = await client.remoteConsumerOffsets(GROUP, 'A')
    const texts = offsets.map(({ topic, partition, offset, metadata }) => `${topic}-${partition}=${offset}/${metadata}`)
    return `offsets [${texts.join(', ')}]`
  }

  /** Java's own formatters print what was written by both as we do. */
  async function assertPrintedAlike(): Promise<void> {
    const print = async (
      cluster: KafkaCluster,
      topic: string,
      formatter: string,
      records: readonly DumpedRecord[],
    ): Promise<string[]> => {
      const { stdout, stderr } = await runJava({
        mainClass: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
        args: [
          '--bootstrap-server',
          cluster.bootstrapServers,
          '--topic',
          topic,
          '--from-beginning',
          '--max-messages',
          String(records.length),
          '--formatter',
          `org.apache.kafka.connect.mirror.formatters.${formatter}`,
        ],
      })
      assert.ok(stdout.length > 0, stderr)
      return stdout.trim().split('\n')
    }
    const ofCheckpoints = await bridge.dump(b, CHECKPOINTS)
    assert.deepEqual(
      await print(b, CHECKPOINTS, 'CheckpointFormatter', ofCheckpoints),
      ofCheckpoints.map(record => checkpointText(checkpointFormat.decode(CHECKPOINTS, record)!)),
    )
    const ofSyncs = await bridge.dump(a, SYNCS)
    assert.deepEqual(
      await print(a, SYNCS, 'OffsetSyncFormatter', ofSyncs),
      ofSyncs.map(record => offsetSyncText(offsetSyncFormat.decode(SYNCS, record)!)),
    )
    const ofHeartbeats = await bridge.dump(b, 'heartbeats')
    assert.deepEqual(
      await print(b, 'heartbeats', 'HeartbeatFormatter', ofHeartbeats),
      ofHeartbeats.map(record => heartbeatText(heartbeatFormat.decode('heartbeats', record)!)),
    )
  }

  test('Java, Isthmus, Java: nothing is copied twice, checkpoints go on, groups on the target follow', async t => {
    await bridge.createTopic(a, TOPIC)
    await produce(300)
    await commit(100)
    const java = await startMirrorMaker({ properties })
    t.after(() => java.kill())
    await bridge.awaitRecords(b, `A.${TOPIC}`, 300, { timeoutMs: 60_000 })
    await commit(300)
    await awaitCheckpoint(300)
    await awaitTarget(300)
    await java.stop()

    const isthmus = new MirrorProcess({ properties })
    t.after(() => isthmus.kill())
    await isthmus.awaitState('RUNNING')
    await produce(200)
    await bridge.awaitRecords(b, `A.${TOPIC}`, 500)
    await commit(433)
    const ours = await awaitCheckpoint(433)
    await bridge.alterGroupOffsets(a, BEHIND, [{ topic: TOPIC, partition: 0, offset: 150 }])
    await eventually(
      `${BEHIND} translated by Java's offset syncs`,
      () => client.remoteConsumerOffsets(BEHIND, 'A'),
      ([found]) => found?.offset === 150,
    )
    assert.equal(ours.at(-1)?.downstreamOffset, 433)
    assert.equal(ours.at(-1)?.metadata, 'at 433')
    await awaitTarget(433)
    assert.equal(await javaTranslates(), await weTranslate())
    assert.equal(await weTranslate(), `offsets [A.${TOPIC}-0=433/at 433]`)
    assert.equal((await isthmus.terminate()).code, 0)
    await copiedOnce(500)

    const again = await startMirrorMaker({ properties })
    t.after(() => again.kill())
    await produce(100)
    await bridge.awaitRecords(b, `A.${TOPIC}`, 600, { timeoutMs: 60_000 })
    await commit(600)
    await awaitCheckpoint(600)
    await awaitTarget(600)
    await again.stop()
    await copiedOnce(600)
    await assertMonotonic()
    await assertPrintedAlike()
  })

  test("a checkpoint task of Java's works from our offset syncs alone, and never goes too far", async t => {
    const topic = 'java-checkpoints'
    await bridge.createTopic(a, topic)
    await bridge.writeTransactions(a, topic, { transactions: 10, recordsPerTransaction: 20, seed: 3 })
    const only = {
      ...properties,
      'A->B.topics': topic,
      'A->B.groups': 'java-checks-.*',
      'A->B.sync.group.offsets.enabled': 'false',
    }
    const isthmus = new MirrorProcess({ properties: { ...only, 'emit.checkpoints.enabled': 'false' } })
    t.after(() => isthmus.kill())
    const originals = await bridge.dump(a, topic)
    const copies = await eventually(
      'all copies',
      () => bridge.dump(b, `A.${topic}`),
      records => records.length === originals.length,
    )
    assert.equal((await isthmus.terminate()).code, 0)
    const last = originals.at(-1)!
    await bridge.alterGroupOffsets(a, 'java-checks-end', [{ topic, partition: 0, offset: last.offset + 1 }])
    await bridge.alterGroupOffsets(a, 'java-checks-last', [{ topic, partition: 0, offset: last.offset }])
    const java = await startMirrorMaker({ properties: only })
    t.after(() => java.kill())
    for (const [group, offset] of [
      ['java-checks-end', copies.at(-1)!.offset + 1],
      ['java-checks-last', copies.at(-1)!.offset],
    ] as const) {
      const [found] = await eventually(
        `a checkpoint of ${group}`,
        () => client.remoteConsumerOffsets(group, 'A'),
        offsets => offsets.length === 1,
      )
      assert.ok(found!.offset <= offset && found!.offset > 0, `${group}: ${found!.offset}, exactly ${offset}`)
    }
    await java.stop()
  })
})
