import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceOffset, SourcePartition } from '../../../../framework/api/index.ts'
import { AckedPrefix, deferred } from '../../../../framework/flow/index.ts'
import { OffsetCommitter } from '../../../../framework/runtime/index.ts'
import type { OffsetEntry, OffsetStore } from '../../../../framework/storage/offset-store.ts'
import { MemoryLogger, MemoryOffsetStore } from '../../../../framework/testing/index.ts'
import { source, until } from './fixtures.ts'

const a = source('a')

function committerOf(store: OffsetStore, flushTimeoutMs = 50, flushIntervalMs = 5) {
  const prefix = new AckedPrefix<SourcePartition, SourceOffset>()
  const logger = new MemoryLogger()
  const committer = new OffsetCommitter({ taskId: 't-0', prefix, store, flushIntervalMs, flushTimeoutMs, logger })
  const ack = (partition: SourcePartition, offset: number) => {
    const entry = { offset: { offset }, state: 'waiting' as const }
    prefix.lane(partition).submit(entry)
    prefix.lane(partition).ack(entry)
  }
  return { committer, ack, logger }
}

/** A store whose saves the test ends; counts how many run at once. */
class ManualStore extends MemoryOffsetStore {
  readonly saves: {
    readonly entries: readonly OffsetEntry[]
    readonly signal: AbortSignal
    readonly end: (error?: Error) => void
  }[] = []
  running = 0
  maxRunning = 0

  override async save(entries: readonly OffsetEntry[], signal?: AbortSignal): Promise<void> {
    this.maxRunning = Math.max(this.maxRunning, ++this.running)
    const { promise, resolve, reject } = deferred()
    this.saves.push({ entries, signal: signal!, end: error => (error === undefined ? resolve() : reject(error)) })
    try {
      await promise
      await super.save(entries)
    } finally {
      this.running--
    }
  }
}

test('commits what is acknowledged, periodically, and tells of it', async () => {
  const store = new MemoryOffsetStore()
  const { committer, ack } = committerOf(store)
  const told: OffsetEntry[] = []
  committer.committed$.subscribe(entries => told.push(...entries))
  committer.start()
  ack(a, 1)
  await until(() => committer.commits === 1)
  ack(a, 2)
  await until(() => committer.commits === 2)
  assert.deepEqual(await store.load([a, source('unknown')]), [{ offset: 2 }, null])
  assert.deepEqual(told, [
    [a, { offset: 1 }],
    [a, { offset: 2 }],
  ])
  await committer.stop(100)
  assert.equal(committer.commits, 2, 'nothing new, nothing written')
})

test('a failed commit is logged and counted; its offsets go with the next one', async () => {
  const store = new ManualStore()
  const { committer, ack, logger } = committerOf(store)
  committer.start()
  ack(a, 1)
  ack(source('b'), 7)
  await until(() => store.saves.length === 1)
  ack(a, 2)
  store.saves[0]!.end(new Error('no coordinator'))
  await until(() => store.saves.length === 2)
  assert.deepEqual(
    new Map(store.saves[1]!.entries),
    new Map([
      [a, { offset: 2 }],
      [store.saves[0]!.entries[1]![0], { offset: 7 }],
    ]),
  )
  assert.equal(committer.failures, 1)
  const warning = logger.lines.find(line => line.level === 'warn')
  assert.match(warning?.message ?? '', /t-0 could not commit its source offsets: no coordinator/)
  store.saves[1]!.end()
  await committer.stop(100)
  assert.equal(store.maxRunning, 1)
})

test('a commit that outlives its timeout is given up, and no other one starts before it has ended', async () => {
  const store = new ManualStore()
  const { committer, ack } = committerOf(store, 10)
  committer.start()
  ack(a, 1)
  await until(() => committer.failures >= 3)
  assert.equal(store.saves.length, 1)
  assert.ok(store.saves[0]!.signal.aborted)
  store.saves[0]!.end()
  await until(() => store.saves.length === 2)
  store.saves[1]!.end()
  await until(() => committer.commits === 1)
  await committer.stop(100)
  assert.equal(store.maxRunning, 1)
})

test('stop waits for the commit under way and makes the last one', async () => {
  const store = new ManualStore()
  const { committer, ack } = committerOf(store, 500)
  ack(a, 1)
  const first = committer.commit()
  ack(a, 2)
  const stopped = committer.stop(400)
  store.saves[0]!.end()
  await first
  await until(() => store.saves.length === 2)
  store.saves[1]!.end()
  await stopped
  assert.deepEqual(await store.load([a]), [{ offset: 2 }])
})

test('stop gives up within its time', async () => {
  const store = new ManualStore()
  const { committer, ack, logger } = committerOf(store, 10_000)
  ack(a, 1)
  await committer.stop(20)
  assert.equal(committer.failures, 1)
  assert.ok(logger.lines.some(line => /not stored within/.test(line.message)))
  store.saves[0]!.end(new Error('late'))
  await until(() => logger.lines.some(line => line.level === 'debug'))
})

test('what the task keeps beside its offsets is written before them, but does not hold them up for long', async () => {
  const store = new ManualStore()
  const prefix = new AckedPrefix<SourcePartition, SourceOffset>()
  const told: AbortSignal[] = []
  const outcomes = [
    () => Promise.resolve(),
    () => Promise.reject(new Error('not written')),
    () => new Promise<void>(() => undefined),
  ]
  const committer = new OffsetCommitter({
    taskId: 'c-0',
    prefix,
    store,
    flushIntervalMs: 60_000,
    flushTimeoutMs: 500,
    logger: new MemoryLogger(),
    beforeSave: signal => outcomes[told.push(signal) - 1]!(),
  })
  for (let i = 0; i < outcomes.length; i++) {
    const entry = { offset: { offset: i }, state: 'waiting' as const }
    prefix.lane(a).submit(entry)
    prefix.lane(a).ack(entry)
    const committed = committer.commit()
    assert.equal(store.saves.length, i, 'nothing is stored before')
    await until(() => store.saves.length === i + 1)
    store.saves[i]!.end()
    await committed
  }
  assert.deepEqual([told.length, told[2]?.aborted], [3, true])
})
