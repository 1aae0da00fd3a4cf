import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { checkpointFormat } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { Members } from './failover-members.ts'

const AWAY = { 'bootstrap.servers': '127.0.0.1:1' }

describe('a FailoverConsumer and what lies on the other cluster', { concurrency: false, timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const config = { 'offsets.topic.num.partitions': '5', 'group.min.session.timeout.ms': '1000' }
    const start = (name: string) => startCluster({ name, config })
    ;[a, b, bridge] = await Promise.all([start('a'), start('b'), startBridge()])
    for (const topic of ['A.checkpoints.internal', 'B.checkpoints.internal']) {
      await bridge.createTopic(topic.startsWith('A') ? b : a, topic, { config: { 'cleanup.policy': 'compact' } })
    }
  })
  after(async () => {
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  const valuesOf = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`)

  async function produce(cluster: KafkaCluster, topic: string, values: readonly string[]): Promise<void> {
    await bridge.produce(
      cluster,
      topic,
      values.map(value => ({ partition: 0, value })),
    )
  }

  /** As a mirror's checkpoint task writes it. */
  async function checkpoint(topic: string, group: string, upstreamOffset: number, downstreamOffset: number): Promise<void> {
    const entry = { group, topic, partition: 0, upstreamOffset, downstreamOffset, metadata: '' }
    await bridge.produce(b, 'A.checkpoints.internal', [{ partition: 0, ...checkpointFormat.encode(entry) }])
  }

  function membersOf(t: TestContext, topic: string): Members {
    const members = new Members([a, b], { group: `${topic}-g`, topics: [topic] })
    t.after(() => members.stop())
    return members
  }

  /** The topic on A and, as a mirror would have copied it, on B. */
  async function create(topic: string, count: number): Promise<string[]> {
    const values = valuesOf(topic, count)
    await Promise.all([bridge.createTopic(a, topic), bridge.createTopic(b, `A.${topic}`)])
    await Promise.all([produce(a, topic, values), produce(b, `A.${topic}`, values)])
    return values
  }

  test('a group that cannot reach its cluster from the start goes on at its checkpoint, both ways of naming', async t => {
    const values = await create('started', 100)
    await bridge.createTopic(b, 'started')
    const own = valuesOf('own', 50)
    await produce(b, 'started', own)
    await checkpoint('A.started', 'started-g', 70, 60)
    await checkpoint('started', 'started-g', 33, 30)
    const members = membersOf(t, 'started')
    members.add({ clusters: { A: AWAY, B: { 'bootstrap.servers': b.bootstrapServers } } })
    await members.awaitSeen([...values.slice(60), ...own.slice(30)])
    await members.stop()
    assert.equal(members.seen.size, 40 + 20)
    assert.deepEqual(members.repeated, [])
    const moves = members.log.lines.filter(({ message }) =>
      /goes on on B \(move 1 from A, failover\): 2 checkpoint/.test(message),
    )
    assert.equal(moves.length, 1)
  })

  test('a restart on the other cluster goes on where it was, though a later checkpoint has come', async t => {
    const values = await create('restarted', 100)
    await checkpoint('A.restarted', 'restarted-g', 20, 20)
    const clusters = { A: AWAY, B: { 'bootstrap.servers': b.bootstrapServers } }
    const members = membersOf(t, 'restarted')
    members.add({ clusters })
    await members.awaitSeen(values.slice(20))
    await members.stop()
    await checkpoint('A.restarted', 'restarted-g', 30, 30)
    const more = valuesOf('more', 5)
    await produce(b, 'A.restarted', more)
    members.add({ clusters })
    await members.awaitSeen(more)
    assert.deepEqual(members.repeated, [])
    assert.equal(members.members[0]!.status.lastMove, null, 'it has not moved again')
  })

  test('while one of several members can reach the cluster nothing moves, and it is said how many cannot', async t => {
    const values = await create('split', 30)
    const members = membersOf(t, 'split')
    members.add()
    await members.allOn('A')
    members.add({ clusters: { A: AWAY, B: { 'bootstrap.servers': b.bootstrapServers } } })
    const lost = await members.awaitStatus('says how many', ({ cause }) => cause?.includes('1 of 2 members') === true, 1)
    assert.equal(lost.state, 'LOST')
    assert.match(lost.cause ?? '', /^A does not answer: .*; 1 of 2 members cannot reach it$/)
    assert.deepEqual(lost.standing?.names.length, 1)
    await members.awaitSeen(values)
    assert.equal(members.members[0]!.status.state, 'CONSUMING')
    assert.equal(members.members[0]!.status.cluster, 'A')
    assert.deepEqual(await bridge.groupOffsets(b, 'split-g'), [])
  })

  test('a stay on the other cluster long ago leaves nothing behind: after a rewind the group is rewound there too', async t => {
    const values = await create('rewound', 100)
    await checkpoint('A.rewound', 'rewound-g', 0, 0)
    const members = membersOf(t, 'rewound')
    members.add()
    await members.awaitSeen(values)
    const [member] = members.members
    await checkpoint('A.rewound', 'rewound-g', 100, 100)
    await member!.moveTo('B')
    await members.allOn('B')
    await produce(b, 'A.rewound', valuesOf('extra', 10))
    await members.awaitSeen(valuesOf('extra', 10))
    await produce(a, 'rewound', valuesOf('extra', 10))
    await bridge.produce(a, 'B.checkpoints.internal', [
      {
        partition: 0,
        ...checkpointFormat.encode({
          group: 'rewound-g',
          topic: 'rewound',
          partition: 0,
          upstreamOffset: 110,
          downstreamOffset: 110,
          metadata: '',
        }),
      },
    ])
    await member!.moveTo('A')
    await members.allOn('A')
    await members.stop()
    assert.deepEqual(members.repeated, [])

    await bridge.alterGroupOffsets(a, 'rewound-g', [{ topic: 'rewound', partition: 0, offset: 40 }])
    await checkpoint('A.rewound', 'rewound-g', 40, 40)
    members.add({ clusters: { A: AWAY, B: { 'bootstrap.servers': b.bootstrapServers } } })
    await members.awaitStatus('moved again', ({ lastMove }) => lastMove?.epoch === 3)
    await eventually(
      'read again from 40 on',
      async () => values.slice(40).filter(value => members.seen.get(value) === 2).length,
      count => count === 60,
    )
    assert.equal(members.seen.get('rewound-39'), 1)
  })

  test('a foreign consumer in the group holds a move up: it is named, and the group goes on consuming where it is', async t => {
    const values = await create('used', 20)
    await checkpoint('A.used', 'used-g', 20, 20)
    const foreign = bridge.consume(b, { group: 'used-g', topics: ['A.used'] })
    await foreign.awaitRecords(1)
    const members = membersOf(t, 'used')
    members.add({ moveTimeoutMs: 500 })
    await members.awaitSeen(values)
    await assert.rejects(members.members[0]!.moveTo('B'), {
      code: 'GROUP_IN_USE',
      message: /client \S+ at 127\.0\.0\.1 is in group used-g on B, so its offsets cannot be set there: stop it/,
    })
    assert.equal(members.members[0]!.status.state, 'CONSUMING')
    assert.ok(!members.log.lines.some(({ message }) => message.includes('MOVING')), 'nobody was stopped for it')
    await foreign.stop()
    await members.members[0]!.moveTo('B')
    await members.allOn('B')
  })

  test('a cluster that hangs is gone like one that is down, and counts again when it answers', async t => {
    const values = await create('hung', 40)
    const members = membersOf(t, 'hung')
    members.start(2)
    await members.awaitSeen(values)
    await members.allOn('A')
    await checkpoint('A.hung', 'hung-g', 40, 40)
    const pid = a.brokers[0]!.pid!
    process.kill(pid, 'SIGSTOP')
    t.after(() => process.kill(pid, 'SIGCONT'))
    await members.allOn('B')
    const more = valuesOf('hung-more', 10)
    await produce(b, 'A.hung', more)
    await members.awaitSeen(more)
    assert.deepEqual(members.repeated, [])
    process.kill(pid, 'SIGCONT')
    await members.awaitStatus('A answers again', ({ cause }) => cause === null)
    assert.equal(members.members[0]!.status.cluster, 'B')
  })
})
