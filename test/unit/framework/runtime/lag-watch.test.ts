import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { SourcePartition } from '../../../../framework/api/index.ts'
import type { LogSpan } from '../../../../framework/kafka/reader/log-spans.ts'
import { LagWatch, type PartitionEntry, PartitionRegistry } from '../../../../framework/runtime/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'
import { ofPartition, source } from './fixtures.ts'

interface Scene {
  readonly entries: readonly [PartitionEntry, PartitionEntry]
  /** Names of what was asked about, one array per look. */
  readonly asked: string[][]
  answer: (partitions: readonly SourcePartition[]) => Promise<readonly LogSpan[]>
  look(): Promise<void>
}

/** Two partitions, `a` of task t-0 and `b` of another, both without lag. */
function scene(context: TestContext, isRead: (entry: PartitionEntry) => boolean = () => true, other = 't-1'): Scene {
  context.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 })
  const registry = new PartitionRegistry()
  const entries = [registry.claim(source('a'), 't-0'), registry.claim(source('b'), other)] as const
  for (const entry of entries) {
    entry.lagsFrom(10)
    entry.logSpans(0, 10)
    entry.acked(10, 100)
  }
  const made: Scene = {
    entries,
    asked: [],
    answer: async partitions => partitions.map(() => ({ start: 0, end: 25 })),
    async look() {
      context.mock.timers.tick(1_001)
      for (let i = 0; i < 10; i++) await Promise.resolve()
    },
  }
  const watch = new LagWatch({
    entries: () => entries,
    reading: () => isRead,
    spans: partitions => {
      made.asked.push(partitions.map(({ name }) => String(name)))
      return made.answer(partitions)
    },
    logger: new MemoryLogger(),
  })
  watch.start()
  context.after(() => watch.stop())
  return made
}

test('where records flow or none wait, nothing is asked for', async context => {
  const { look, asked } = scene(context)
  for (let i = 0; i < 5; i++) await look()
  assert.deepEqual(asked, [])
})

for (const [other, asked, lag] of [
  ['t-0', ['a', 'b'], 15],
  ['t-1', ['a'], 0],
] as const) {
  test(`a task that takes nothing while records wait is asked about, with all that it has: ${asked}`, async context => {
    const made = scene(context, undefined, other)
    const [a, b] = made.entries
    a.logSpans(0, 12)
    for (let i = 0; i < 2; i++) await made.look()
    assert.deepEqual(made.asked.at(-1), asked)
    assert.deepEqual([a.lagRecords, b.lagRecords], [15, lag])
  })
}

test('a partition that has failed goes on to lag, and one that is not read or not heard of, is asked about', async context => {
  const held = new Set<PartitionEntry>()
  const { look, asked, entries } = scene(context, entry => !held.has(entry))
  const [a, b] = entries
  a.failed(ofPartition('too large'))
  await look()
  assert.deepEqual(asked.at(-1), ['a'])
  assert.equal(a.lagRecords, 15)
  held.add(b)
  await look()
  assert.deepEqual(asked.at(-1), ['a', 'b'])
  assert.equal(b.lagRecords, 15)
})

test('an answer that comes after its partition was read on, is old: it changes nothing', async context => {
  const made = scene(context)
  const [a] = made.entries
  a.retrying('no leader')
  made.answer = async partitions => {
    a.lagsFrom(20)
    a.logSpans(0, 40)
    return partitions.map(() => ({ start: 0, end: 25 }))
  }
  await made.look()
  assert.equal(a.lagRecords, 20)
})

test('what cannot be asked now is asked at the next look', async context => {
  const made = scene(context)
  const [a] = made.entries
  a.retrying('away', 'source')
  const { answer } = made
  made.answer = () => Promise.reject(new Error('no broker'))
  await made.look()
  assert.equal(a.lagRecords, -1, 'not 0: nobody knows')
  made.answer = answer
  await made.look()
  assert.equal(a.lagRecords, 15)
})
