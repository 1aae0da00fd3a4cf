import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'
import { Members, type MembersOptions } from './failover-members.ts'

const PARTITIONS = 3
const CONFIG = { 'offsets.topic.num.partitions': '5' }

describe('a FailoverConsumer', { concurrency: false, timeout: 240_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let mirror: Mirror
  before(async () => {
    const start = (name: string) => startCluster({ name, config: CONFIG })
    ;[a, b, bridge] = await Promise.all([start('a'), start('b'), startBridge()])
    mirror = await startMirror({
      source: a,
      target: b,
      properties: {
        'B->A.enabled': 'true',
        'A->B.topics': '.*',
        'B->A.topics': '.*',
        groups: '.*',
        'emit.checkpoints.interval.seconds': '0.2',
        'refresh.groups.interval.seconds': '0.5',
        'refresh.topics.interval.seconds': '1',
        'checkpoints.topic.replication.factor': '1',
        'sync.group.offsets.enabled': 'false',
      },
    })
  })
  after(async () => {
    await mirror?.stop()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  const valuesOf = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`)

  async function produce(cluster: KafkaCluster, topic: string, values: readonly string[]): Promise<void> {
    await bridge.produce(
      cluster,
      topic,
      values.map((value, i) => ({ partition: i % PARTITIONS, value })),
    )
  }

  async function createBoth(topic: string): Promise<void> {
    await Promise.all([a, b].map(cluster => bridge.createTopic(cluster, topic, { partitions: PARTITIONS })))
  }

  function membersOf(t: TestContext, topic: string, more: Partial<MembersOptions> = {}): Members {
    const members = new Members([a, b], { group: `${topic}-g`, topics: [topic], ...more })
    t.after(() => members.stop())
    return members
  }

  /** Resolves once the checkpoints on `to` are those of all that the group has committed on `from`, in both topics. */
  async function awaitCheckpoints(from: KafkaCluster, to: KafkaCluster, alias: string, topic: string): Promise<void> {
    const client = new MirrorClient({ 'bootstrap.servers': to.bootstrapServers })
    const group = `${topic}-g`
    const committed = await bridge.groupOffsets(from, group)
    const sum = committed.reduce((total, { offset }) => total + offset, 0)
    await eventually(
      `checkpoints of ${group} from ${alias} with sum ${sum}`,
      () => client.remoteConsumerOffsets(group, alias).catch(() => []),
      offsets => offsets.reduce((total, { offset }) => total + offset, 0) === sum,
    )
    await client.close()
  }

  async function kill(t: TestContext, cluster: KafkaCluster): Promise<void> {
    t.after(() => cluster.brokers[0]!.start())
    await cluster.brokers[0]!.kill()
  }

  test('a group stopped cleanly goes on on the other cluster alone, and back, reading each record exactly once', async t => {
    await createBoth('clean')
    const [onA, onB] = [valuesOf('a', 300), valuesOf('b', 150)]
    await Promise.all([produce(a, 'clean', onA), produce(b, 'clean', onB)])
    const members = membersOf(t, 'clean')
    members.start(3)
    await members.awaitSeen([...onA, ...onB])
    await members.stop()
    await awaitCheckpoints(a, b, 'A', 'clean')
    await kill(t, a)

    const laterOnB = valuesOf('b-later', 150)
    await produce(b, 'clean', laterOnB)
    members.start(2)
    await members.awaitSeen(laterOnB)
    await members.allOn('B')
    assert.deepEqual(members.repeated, [])
    assert.equal(members.sources.get('b-later-0'), 'B/clean@B')

    await a.brokers[0]!.start()
    const laterOnA = valuesOf('a-later', 150)
    await produce(a, 'clean', laterOnA)
    await members.awaitSeen(laterOnA)
    await members.members[0]!.moveTo('A')
    await members.allOn('A')
    const last = valuesOf('last', 90)
    await Promise.all([produce(a, 'clean', last.slice(0, 45)), produce(b, 'clean', last.slice(45))])
    await members.awaitSeen(last)
    assert.deepEqual(members.repeated, [])
    assert.equal(members.members[0]!.status.lastMove?.cause, 'asked')
    await members.stop()
  })

  test('members that run when their cluster is killed go on together, and go back by themselves, reading each record once', async t => {
    await createBoth('live')
    const [onA, onB] = [valuesOf('live-a', 300), valuesOf('live-b', 90)]
    await Promise.all([produce(a, 'live', onA), produce(b, 'live', onB)])
    const members = membersOf(t, 'live', { failback: 'automatic' })
    members.start(3)
    await members.awaitSeen([...onA, ...onB])
    await bridge.awaitRecords(b, 'A.live', onA.length)
    await kill(t, a)
    await members.allOn('B')
    const whileAway = valuesOf('live-away', 150)
    await produce(b, 'live', whileAway)
    await members.awaitSeen(whileAway)
    await a.brokers[0]!.start()
    await members.allOn('A')
    const moves = new Set(members.members.map(({ status }) => `${status.lastMove?.epoch} ${status.lastMove?.to}`))
    assert.deepEqual([...moves], ['2 A'])
    const last = valuesOf('live-last', 90)
    await Promise.all([produce(a, 'live', last.slice(0, 45)), produce(b, 'live', last.slice(45))])
    await members.awaitSeen(last)
    assert.deepEqual(members.repeated, [])
    await members.stop()
  })

  test('the other direction: a group of B goes on on A, stays when told so, and a new member joins it there', async t => {
    await createBoth('other')
    const [onA, onB] = [valuesOf('other-a', 90), valuesOf('other-b', 150)]
    await Promise.all([produce(a, 'other', onA), produce(b, 'other', onB)])
    const members = membersOf(t, 'other', { preferred: 'B' })
    members.start(2)
    await members.allOn('B')
    await members.awaitSeen([...onA, ...onB])
    await bridge.awaitRecords(a, 'B.other', onB.length)
    await kill(t, b)
    await members.allOn('A')
    await b.brokers[0]!.start()
    members.add()
    await members.allOn('A')
    const later = valuesOf('other-later', 60)
    await Promise.all([produce(a, 'other', later.slice(0, 30)), produce(b, 'other', later.slice(30))])
    await members.awaitSeen(later)
    assert.deepEqual(members.repeated, [])
    assert.equal(members.sources.get('other-later-59'), 'A/other@B')
    await members.stop()
  })
})
