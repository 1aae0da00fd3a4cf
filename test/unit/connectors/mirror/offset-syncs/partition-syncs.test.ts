import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PartitionSyncs } from '../../../../../connectors/mirror/offset-syncs/partition-syncs.ts'
import { SyncQueue } from '../../../../../connectors/mirror/offset-syncs/sync-queue.ts'

const partition = (maxOffsetLag: number): PartitionSyncs => new PartitionSyncs('topic-1', 2, maxOffsetLag)
const sync = (upstreamOffset: number, downstreamOffset: number, { session }: PartitionSyncs): object => ({
  topic: 'topic-1',
  partition: 2,
  upstreamOffset,
  downstreamOffset,
  session,
})

describe('which pairs of offsets are stored', () => {
  test('as MirrorMaker 2 decides record by record, with offset.lag.max = 50', () => {
    const syncs = partition(50)
    const due: [number, number, boolean][] = [
      [0, 100, true],
      [2, 102, true],
      [3, 152, false],
      [4, 153, true],
      [5, 154, false],
      [6, 203, false],
      [7, 204, true],
      [2, 206, true],
      [3, 207, false],
      [4, 3, true],
      [5, 4, false],
      [7, 6, true],
    ]
    for (const [upstream, downstream, isDue] of due) {
      assert.equal(syncs.update(upstream, downstream), isDue, `${upstream}, ${downstream}`)
      syncs.reset()
    }
  })

  test('what is due stays due until it is stored', () => {
    const syncs = partition(50)
    assert.equal(syncs.update(0, 100), true)
    assert.equal(syncs.update(1, 101), true)
    syncs.reset()
    assert.equal(syncs.update(2, 102), false)
    assert.equal(syncs.update(10, 110), true)
    assert.equal(syncs.update(11, 111), true)
    syncs.reset()
    assert.equal(syncs.update(12, 112), false)
  })

  test('every record with offset.lag.max = 0', () => {
    const syncs = partition(0)
    for (let i = 0; i < 20; i++) {
      assert.equal(syncs.update(i, i), true)
      syncs.reset()
    }
  })

  test('a run is judged by its first record and by how far its last one is', () => {
    const syncs = partition(50)
    assert.equal(syncs.update(0, 100, 10), true)
    syncs.reset()
    assert.equal(syncs.lastSyncDownstream, 109)
    assert.equal(syncs.update(10, 110, 50), false)
    assert.equal(syncs.update(60, 160, 1), true)
    syncs.reset()
    assert.equal(syncs.update(61, 161, 1_000), true)
    assert.equal(syncs.lastSyncDownstream, 1_160)
  })
})

describe('pairs that wait', () => {
  test('what is due is pending, what is not is delayed', () => {
    const queue = new SyncQueue()
    const syncs = partition(2)
    queue.add(syncs, 0, 1)
    assert.deepEqual([queue.pending, queue.delayed, syncs.lastSyncDownstream], [[sync(0, 1, syncs)], [], 1])
    queue.add(syncs, 1, 2)
    assert.deepEqual([queue.pending, queue.delayed, syncs.lastSyncDownstream], [[sync(0, 1, syncs)], [sync(1, 2, syncs)], 1])
  })

  test('a pair that is due takes the place of older ones', () => {
    const queue = new SyncQueue()
    const syncs = partition(2)
    queue.add(syncs, 0, 1)
    queue.add(syncs, 1, 2)
    queue.add(syncs, 5, 9)
    assert.deepEqual([queue.pending, queue.delayed], [[sync(5, 9, syncs)], []])
    assert.equal(queue.takePending().length, 1)
    assert.equal(queue.hasPending, false)
  })

  test('delayed pairs are due at the next commit', () => {
    const queue = new SyncQueue()
    const syncs = partition(50)
    queue.add(syncs, 0, 100)
    queue.add(syncs, 1, 101)
    queue.promoteDelayed()
    assert.deepEqual([queue.pending, queue.delayed], [[sync(1, 101, syncs)], []])
  })

  test('a pair keeps the session in which it was copied', () => {
    const queue = new SyncQueue()
    const syncs = partition(50)
    const { session } = syncs
    queue.add(syncs, 0, 100)
    const taken = queue.takePending()
    syncs.begin()
    assert.notEqual(syncs.session, session)
    queue.giveBack(taken)
    assert.deepEqual(
      queue.pending.map(pair => pair.session),
      [session],
    )
    queue.add(syncs, 7, 207)
    assert.deepEqual(
      queue.pending.map(pair => pair.session),
      [syncs.session],
    )
  })

  test('what could not be stored waits again behind nothing newer', () => {
    const queue = new SyncQueue()
    const [one, two] = [partition(0), new PartitionSyncs('topic-2', 0, 0)]
    queue.add(one, 0, 0)
    queue.add(two, 0, 0)
    const taken = queue.takePending()
    queue.add(one, 1, 1)
    queue.giveBack(taken)
    assert.deepEqual(
      queue.pending.map(({ topic, upstreamOffset }) => [topic, upstreamOffset]),
      [
        ['topic-1', 1],
        ['topic-2', 0],
      ],
    )
  })
})
