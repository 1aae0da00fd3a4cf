import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { MirrorPart, MirrorRecords } from '../../../../../connectors/mirror/source/mirror-records.ts'
import { MirroredPartition } from '../../../../../connectors/mirror/source/mirrored-partition.ts'
import { SharedMemory } from '../../../../../framework/kafka/reader/buffer-pool.ts'
import { ReadPartition } from '../../../../../framework/kafka/reader/partition.ts'
import { encodeBatch } from '../../../../../framework/kafka/record-batch/index.ts'
import { type PartitionEntry, PartitionRegistry } from '../../../../../framework/runtime/index.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'

const SOURCE = { cluster: 'A', partition: 0, topic: 't' }
const NOW = 1_000_000

interface Copied {
  readonly entry: PartitionEntry
  readonly partition: MirroredPartition
  readonly read: ReadPartition
  /** A response of the source says where the log begins and ends, and where the last transaction that is through does. */
  hears(start: number, end: number, stable?: number): void
  /** Records that follow those before, written at this time. */
  delivers(count: number, timestamp: number): MirrorPart
}

function copied(context: TestContext, { from = 0, registry = new PartitionRegistry() } = {}): Copied {
  context.mock.timers.enable({ apis: ['Date'], now: NOW })
  const entry = registry.claim(SOURCE, 't-0')
  const partition = new MirroredPartition(SOURCE, 'A.t', entry, true, null)
  const read = new ReadPartition({ topic: 't', partition: 0, offset: from })
  let next = from
  partition.begin(read)
  return {
    entry,
    partition,
    read,
    hears(start, end, stable = end) {
      Object.assign(read, { logStartOffset: start, highWatermark: end, lastStableOffset: stable })
      partition.measured()
    },
    delivers(count, timestamp) {
      const records = Array.from({ length: count }, () => ({ key: null, value: Buffer.from('x'), headers: [], timestamp }))
      const bytes = encodeBatch(records, { codec: 'none' })
      const [firstOffset, lastOffset] = [next, next + count - 1]
      next += count
      const batch = {
        bytes,
        count,
        sourceOffsets: null,
        firstOffset,
        lastOffset,
        leaderEpoch: 0,
        timestampType: 'CreateTime',
      } as const
      const memory = new SharedMemory(1, () => undefined)
      const part = new MirrorPart(SOURCE, { offset: lastOffset }, new MirrorRecords('A.t', 0, batch, 't-0 on A', memory), 0)
      partition.delivered(part, next)
      return part
    },
  }
}

test('records lag until they are acknowledged, up to the last stable offset', context => {
  const { entry, hears, delivers, partition } = copied(context)
  assert.equal(entry.lagRecords, -1)
  hears(0, 120, 100)
  assert.deepEqual([entry.lagRecords, entry.underwayRecords], [100, 0])
  const part = delivers(60, NOW - 500)
  assert.deepEqual([entry.lagRecords, entry.underwayRecords], [100, 60])
  partition.acknowledged(part)
  assert.deepEqual([entry.lagRecords, entry.underwayRecords], [40, 0])
  partition.acknowledged(delivers(40, NOW))
  assert.deepEqual([entry.lagRecords, entry.state], [0, 'CAUGHT_UP'])
})

test('of records that are gone from the source those under way still lag, the others do not', context => {
  const { entry, hears, delivers, partition } = copied(context)
  hears(0, 100)
  const part = delivers(10, NOW)
  hears(90, 100)
  assert.equal(entry.lagRecords, 20)
  partition.lost(80, 'gone', new MemoryLogger(), { code: 'SOURCE_GAP', toOffset: 90 })
  assert.equal(entry.lagRecords, 20)
  partition.acknowledged(part)
  assert.equal(entry.lagRecords, 10)
})

test('the age is that of the oldest record under way, then of about the next one, and 0 when none waits', context => {
  const { entry, hears, delivers, partition } = copied(context)
  hears(0, 30)
  assert.equal(entry.waitingSinceMs, NOW, 'known to be there since now')
  const [first, second] = [delivers(10, NOW - 9_000), delivers(10, NOW - 8_000)]
  assert.equal(entry.waitingSinceMs, NOW - 9_000)
  partition.acknowledged(first)
  assert.equal(entry.waitingSinceMs, NOW - 8_000)
  partition.acknowledged(second)
  assert.equal(entry.waitingSinceMs, NOW - 8_000, 'the rest of the log is about as old as what was copied of it')
  partition.acknowledged(delivers(10, NOW - 7_000))
  assert.deepEqual([entry.lagRecords, entry.waitingSinceMs], [0, 0])
})

test('a new run begins with the lag and the age of the one before, and counts anew what was under way', context => {
  const registry = new PartitionRegistry()
  const before = copied(context, { registry })
  before.hears(0, 100)
  before.delivers(50, NOW - 60_000)
  registry.release('t-0')
  context.mock.timers.reset()
  const { entry, hears } = copied(context, { registry })
  assert.deepEqual([entry.lagRecords, entry.underwayRecords], [100, 0])
  hears(0, 130)
  assert.deepEqual([entry.lagRecords, entry.waitingSinceMs], [130, NOW - 60_000])
})

test('a topic made anew lags from its start, as soon as its end is heard of', context => {
  const { entry, hears, delivers, partition, read } = copied(context)
  hears(0, 10)
  partition.acknowledged(delivers(10, NOW))
  assert.equal(entry.lagRecords, 0)
  read.forgetLog()
  partition.recreated(0, 'made anew', new MemoryLogger(), {})
  partition.delivered(null, 0)
  assert.equal(entry.lagRecords, -1)
  hears(0, 4)
  assert.equal(entry.lagRecords, 4)
})
