import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { runCli } from './cli-process.ts'
import { eventually } from './eventually.ts'
import { committedIn, messageOf, outcomeOf, Pair, readOn } from './failover-commands.ts'

const CHECKPOINTS = 'A.checkpoints.internal'

describe('failover when the source is gone', { concurrency: false, timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let pair: Pair
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    pair = new Pair(a, b, { 'A->B.enabled': 'true' })
  })
  after(async () => {
    pair?.remove()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  const run = (...args: readonly string[]) => pair.run('failover', 'A->B', '--timeout', '2', ...args)

  test('from the target alone groups go on, and every record is read exactly once', async () => {
    await bridge.createTopic(a, 'orders', { partitions: 2 })
    const values = Array.from({ length: 200 }, (_, i) => `order ${i}`)
    await bridge.produce(
      a,
      'orders',
      values.map((value, i) => ({ value, partition: i % 2 })),
    )
    const mirror = await pair.mirror('A->B')
    await bridge.awaitRecords(b, 'A.orders', 200)
    const onA = await readOn(bridge, a, { group: 'billing', topics: ['orders'], count: 70, reset: 'earliest' })
    const onAToo = await readOn(bridge, a, { group: 'audit', topics: ['orders'], count: 200, reset: 'earliest' })
    const client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers })
    for (const group of ['billing', 'audit']) {
      const committed = (await bridge.groupOffsets(a, group)).map(({ offset }) => offset)
      await eventually(
        `checkpoints of ${group}`,
        () => client.remoteConsumerOffsets(group, 'A').catch(() => []),
        offsets => offsets.map(({ offset }) => offset).join() === committed.join(),
      )
    }
    await client.close()
    await mirror.stop()
    await Promise.all(a.brokers.map(broker => broker.kill()))

    const shown = await pair.expect(0, 'offsets', 'A->B', '--timeout', '2')
    assert.deepEqual([shown.positions, shown.groups.map(({ group }) => group)], ['checkpoints', ['audit', 'billing']])
    assert.ok(
      shown.groups.every(({ partitions }) => partitions.every(({ exactness, lag }) => exactness === 'exact' && lag === null)),
    )

    const { code, report, stderr } = await run('--apply')
    assert.equal(code, 0, stderr)
    assert.deepEqual([report.status, report.positions, outcomeOf(report, 'source-reachable')], ['applied', 'checkpoints', 'note'])
    assert.match(
      messageOf(report, 'source-reachable'),
      /^A cannot be read \(.*ECONNREFUSED.*\): groups go on from their last checkpoints on B/,
    )
    const onB = await readOn(bridge, b, { group: 'billing', topics: ['A.orders'], count: 130, reset: 'earliest' })
    assert.deepEqual([...onA, ...onB].sort(), values.toSorted())
    assert.equal(onAToo.length, 200)
    assert.deepEqual(
      (await bridge.groupOffsets(b, 'audit')).map(({ offset }) => offset),
      [100, 100],
    )
    await bridge.produce(b, 'A.orders', [{ partition: 0, value: 'new' }])
    assert.deepEqual(await readOn(bridge, b, { group: 'audit', topics: ['A.orders'], count: 1 }), ['new'])
  })

  test('run again after consumers went on there, it sets nobody back', async () => {
    const { code, report } = await run('--apply')
    assert.deepEqual([code, report.status, outcomeOf(report, 'target-offsets')], [5, 'refused', 'refused'])
    assert.equal(await committedIn(bridge, b, 'audit', 'A.orders'), 101)
  })

  test('a group that has no checkpoint is told so, with those that have one', async () => {
    const { code, stdout, stderr } = await run('--apply', '--group', 'biling')
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(
      stderr,
      /^--group = biling: no consumer group of the checkpoints in A\.checkpoints\.internal; did you mean billing\?; there are audit, billing$/m,
    )
  })

  test('people are told what is known and what is not', async () => {
    const { code, stdout } = await runCli('failover', pair.file(), 'A->B', '--plan', '--group', 'billing', '--timeout', '2')
    assert.equal(code, 5)
    assert.match(stdout, /^note {5}A cannot be read/m)
    assert.match(stdout, /^REFUSED {2}already further on B: billing in /m)
    assert.match(stdout, /^note {5}what A had and B never got cannot be seen; failback lists it once A is back$/m)
    assert.match(stdout, /\nNothing was changed\.\n$/)
  })

  test('a source that takes connections and says nothing is given up in time', async t => {
    const server = createServer(socket => t.after(() => socket.destroy()))
    t.after(() => server.close())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const file = pair.file({ 'A.bootstrap.servers': `127.0.0.1:${(server.address() as AddressInfo).port}` })
    const beganAt = Date.now()
    const { code, stdout, stderr } = await runCli('offsets', file, 'A->B', '--timeout', '2')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^A cannot be read \(.*no answer in time\): groups go on from their last checkpoints on B/)
    assert.match(stdout, /^billing +orders-0 +/m)
    assert.ok(Date.now() - beganAt < 10_000, `${Date.now() - beganAt} ms`)
  })

  test('without checkpoints nothing can be done: exit code 3, what is missing, nothing set', async () => {
    await bridge.deleteTopic(b, CHECKPOINTS)
    await eventually(
      'the checkpoints are gone',
      () => bridge.listTopics(b),
      topics => !topics.includes(CHECKPOINTS),
    )
    const { code, stdout, stderr } = await run('--apply', '--force')
    assert.deepEqual([code, stdout], [3, ''])
    assert.match(
      stderr,
      /B\.bootstrap\.servers = .*: cluster B: there is no topic A\.checkpoints\.internal, .*emit\.checkpoints\.enabled/,
    )
  })

  test('a failback needs both clusters, and a failover its target: exit code 3 names the line of the file', async () => {
    const back = await pair.run('failback', 'A->B', '--plan', '--timeout', '2')
    assert.deepEqual([back.code, back.stdout], [3, ''])
    assert.match(back.stderr, /mm2-\d+\.properties: A\.bootstrap\.servers = .*no broker of cluster A could be used within 2 s/)
    await Promise.all(b.brokers.map(broker => broker.kill()))
    const over = await run('--apply')
    assert.deepEqual([over.code, over.stdout], [3, ''])
    assert.match(over.stderr, /mm2-\d+\.properties: B\.bootstrap\.servers = .*no broker of cluster B could be used within 2 s/)
  })
})
