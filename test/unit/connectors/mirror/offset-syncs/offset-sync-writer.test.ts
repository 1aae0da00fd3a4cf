import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offsetSyncFormat } from '../../../../../connectors/mirror/formats/index.ts'
import { FlowObservations } from '../../../../../connectors/mirror/observe/index.ts'
import { OffsetSyncWriter } from '../../../../../connectors/mirror/offset-syncs/offset-sync-writer.ts'
import { PartitionSyncs } from '../../../../../connectors/mirror/offset-syncs/partition-syncs.ts'
import { type Deferred, deferred } from '../../../../../framework/flow/index.ts'
import type { TopicLogEntry } from '../../../../../framework/kafka/topic-log.ts'
import { MemoryLogger } from '../../../../../framework/testing/memory-logger.ts'

interface Append {
  readonly pairs: readonly (readonly [number, number])[]
  readonly outcome: Deferred<void>
}

class Topic {
  readonly appends: Append[] = []
  readonly logger = new MemoryLogger()
  readonly runs = new FlowObservations().runs
  readonly waits: Deferred<void>[] = []
  #awaited = deferred<void>()
  readonly writer = new OffsetSyncWriter({
    topic: 'syncs',
    logger: this.logger,
    append: entries => this.#append(entries),
    health: this.runs.reporter('writing offset syncs'),
    wait: () => {
      const wait = deferred<void>()
      this.waits.push(wait)
      this.#notify()
      return wait.promise
    },
  })

  /** Resolves when this many writes have begun and pauses followed. */
  async until(appends: number, waits: number): Promise<void> {
    while (this.appends.length < appends || this.waits.length < waits) await this.#awaited.promise
  }

  #append(entries: readonly TopicLogEntry[]): Promise<void> {
    const outcome = deferred<void>()
    const pairs = entries.map(({ key, value, partition = 0 }) => {
      assert.equal(partition, 0)
      const sync = offsetSyncFormat.decode('syncs', { key, value, partition, offset: 0 })!
      return [sync.upstreamOffset, sync.downstreamOffset] as const
    })
    this.appends.push({ pairs, outcome })
    this.#notify()
    return outcome.promise
  }

  #notify(): void {
    const awaited = this.#awaited
    this.#awaited = deferred<void>()
    awaited.resolve()
  }
}

test('the first pair is written at once, later ones wait for it and go as one', async () => {
  const topic = new Topic()
  const partition = new PartitionSyncs('t', 0, 0)
  topic.writer.copied(partition, 0, 100, 1)
  assert.deepEqual(topic.appends[0]?.pairs, [[0, 100]])
  topic.writer.copied(partition, 1, 101, 1)
  topic.writer.copied(partition, 2, 102, 1)
  assert.equal(topic.appends.length, 1)
  topic.appends[0]?.outcome.resolve()
  await topic.until(1, 1)
  topic.waits[0]?.resolve()
  await topic.until(2, 1)
  assert.deepEqual(topic.appends[1]?.pairs, [[2, 102]])
})

test('a commit stores what is not due', async () => {
  const topic = new Topic()
  const partition = new PartitionSyncs('t', 0, 100)
  topic.writer.copied(partition, 0, 100, 1)
  topic.appends[0]?.outcome.resolve()
  await topic.until(1, 1)
  topic.waits[0]?.resolve()
  topic.writer.copied(partition, 1, 101, 5)
  topic.writer.promote()
  await topic.until(2, 1)
  assert.deepEqual(topic.appends[1]?.pairs, [[5, 105]])
})

test('a failed write is counted, said, and made again with what is newest', async () => {
  const topic = new Topic()
  const partition = new PartitionSyncs('t', 0, 0)
  topic.writer.copied(partition, 0, 100, 1)
  topic.appends[0]?.outcome.reject(new Error('not allowed'))
  await topic.until(1, 1)
  assert.equal(topic.writer.failures, 1)
  assert.match(topic.runs.failing()[0]?.cause ?? '', /not allowed.*translated offsets grow old/)
  assert.match(topic.logger.lines[0]?.message ?? '', /1 partitions could not be written to syncs.*not allowed/)
  topic.writer.copied(partition, 1, 101, 1)
  topic.waits[0]?.resolve()
  await topic.until(2, 1)
  assert.deepEqual(topic.appends[1]?.pairs, [[1, 101]])
  topic.appends[1]?.outcome.resolve()
  await topic.until(2, 2)
  assert.deepEqual(topic.runs.failing(), [])
})

test('closing writes what is left, but not for longer than allowed', async () => {
  const topic = new Topic()
  const partition = new PartitionSyncs('t', 0, 100)
  topic.writer.copied(partition, 0, 0, 1)
  topic.appends[0]?.outcome.resolve()
  await topic.until(1, 1)
  topic.writer.copied(partition, 1, 1, 1)
  const closed = topic.writer.close(new AbortController().signal)
  topic.waits[0]?.resolve()
  await topic.until(2, 1)
  assert.deepEqual(topic.appends[1]?.pairs, [[1, 1]])
  topic.appends[1]?.outcome.resolve()
  await topic.until(2, 2)
  topic.waits[1]?.resolve()
  await closed
})
