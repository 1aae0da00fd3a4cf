import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OffsetMapWriter } from '../../../../../connectors/mirror/offset-map/offset-map-writer.ts'
import { StoredMap } from '../../../../../connectors/mirror/offset-map/stored-map.ts'
import { CopiedOffsets } from '../../../../../connectors/mirror/offset-syncs/copied-offsets.ts'
import { OffsetSyncWriter } from '../../../../../connectors/mirror/offset-syncs/offset-sync-writer.ts'
import { deferred } from '../../../../../framework/flow/index.ts'
import type { TopicLogEntry } from '../../../../../framework/kafka/topic-log.ts'
import { MemoryLogger } from '../../../../../framework/testing/memory-logger.ts'

const never = new AbortController().signal
const [OLD, NEW] = ['0a'.repeat(16), '0b'.repeat(16)]
const exact = (offset: number): object => ({ offset, exactness: 'exact' })

/** The topic of a map, in memory. */
class MapTopic {
  readonly records: TopicLogEntry[] = []
  readonly logger = new MemoryLogger()
  /** Appending fails while it is set. */
  failure: Error | null = null
  /** Reading waits for it. */
  readable: Promise<void> = Promise.resolve()

  task(): { readonly offsets: CopiedOffsets; readonly map: OffsetMapWriter } {
    const map = new OffsetMapWriter({
      topic: 'map',
      logger: this.logger,
      open: async ({ onRecord }) => {
        await this.readable
        for (const { key, value } of this.records) onRecord({ key: Buffer.from(key), value: value as Buffer | null, ...PLACE })
        return { append: entries => this.#append(entries), close: () => Promise.resolve() }
      },
    })
    const syncs = new OffsetSyncWriter({ topic: 'syncs', logger: this.logger, append: () => Promise.resolve() })
    return {
      map,
      offsets: new CopiedOffsets({ syncs, map, maxOffsetLag: 100, logger: this.logger, close: () => Promise.resolve() }),
    }
  }

  read(): StoredMap {
    const map = new StoredMap()
    for (const { key, value } of this.records) map.put({ key, value, ...PLACE })
    return map
  }

  async #append(entries: readonly TopicLogEntry[]): Promise<void> {
    if (this.failure !== null) throw this.failure
    this.records.push(...entries)
  }
}

const PLACE = { partition: 0, offset: 0, timestamp: 0 }
const dense = (firstOffset: number, count: number): Parameters<CopiedOffsets['acknowledged']>[3] => ({
  firstOffset,
  count,
  sourceOffsets: null,
})

describe('the map of a running task', () => {
  test('is there at a commit, and again in the next run', async () => {
    const topic = new MapTopic()
    const first = topic.task()
    const one = first.offsets.add('t', 0)
    first.offsets.start()
    first.offsets.begin(one, 0)
    first.offsets.acknowledged(one, 12, OLD, { count: 3, firstOffset: 2, sourceOffsets: [2, 3, 9] }, 50)
    await first.offsets.commit(never)
    const stored = topic.read().runsOf('t', 0)!
    for (const [source, target] of [
      [0, 50],
      [3, 51],
      [5, 52],
      [9, 52],
      [10, 53],
      [12, 53],
    ] as const) {
      assert.deepEqual(stored.runs.translate(source), exact(target), `${source}`)
    }
    await first.offsets.stop(never)

    const second = topic.task()
    const again = second.offsets.add('t', 0)
    second.offsets.start()
    second.offsets.begin(again, 12)
    second.offsets.acknowledged(again, 20, OLD, dense(12, 8), 53)
    await second.offsets.stop(never)
    const { runs } = topic.read().runsOf('t', 0)!
    assert.deepEqual([runs.translate(3), runs.translate(19), runs.translate(20)], [exact(51), exact(60), exact(61)])
  })

  test('grows in memory while its topic cannot be read, and comes behind what is stored', async () => {
    const topic = new MapTopic()
    const first = topic.task()
    const one = first.offsets.add('t', 0)
    first.offsets.start()
    first.offsets.begin(one, 0)
    first.offsets.acknowledged(one, 10, OLD, dense(0, 10), 0)
    await first.offsets.commit(never)
    await first.offsets.stop(never)

    const readable = deferred<void>()
    topic.readable = readable.promise
    const second = topic.task()
    const again = second.offsets.add('t', 0)
    second.offsets.start()
    second.offsets.begin(again, 8)
    second.offsets.acknowledged(again, 12, OLD, dense(8, 4), 10)
    await assert.rejects(second.offsets.commit(AbortSignal.abort()), { code: 'ABORTED' })
    assert.deepEqual(topic.read().runsOf('t', 0)?.runs.translate(8), exact(8))
    readable.resolve()
    await readable.promise
    await second.offsets.stop(never)
    const { runs } = topic.read().runsOf('t', 0)!
    assert.deepEqual([runs.translate(7), runs.translate(8), runs.translate(12)], [exact(7), exact(10), exact(14)])
  })

  test('is written later when it cannot be written now', async () => {
    const topic = new MapTopic()
    const { offsets, map } = topic.task()
    const one = offsets.add('t', 0)
    offsets.start()
    offsets.begin(one, 0)
    offsets.acknowledged(one, 10, OLD, dense(0, 10), 0)
    topic.failure = new Error('not now')
    await assert.rejects(offsets.commit(never), /not now/)
    await assert.rejects(offsets.commit(never), /not now/)
    assert.equal(map.failures, 2)
    assert.deepEqual(
      topic.logger.lines.map(({ level }) => level),
      ['warn', 'debug'],
    )
    topic.failure = null
    await offsets.commit(never)
    assert.deepEqual(topic.read().runsOf('t', 0)?.runs.translate(10), exact(10))
    await offsets.stop(never)
  })

  test('begins anew with another topic of the same name', async () => {
    const topic = new MapTopic()
    const { offsets } = topic.task()
    const one = offsets.add('t', 0)
    offsets.start()
    offsets.begin(one, 0)
    for (let i = 0; i < 300; i++) offsets.acknowledged(one, 3 * i + 3, OLD, dense(3 * i, 2), 2 * i)
    await offsets.commit(never)
    assert.equal(topic.read().runsOf('t', 0)?.runs.segments.length, 3)
    offsets.acknowledged(one, 0, NEW, null, -1)
    offsets.acknowledged(one, 5, NEW, dense(0, 5), 600)
    await offsets.commit(never)
    const stored = topic.read().runsOf('t', 0)!
    assert.deepEqual([stored.runs.segments.length, stored.runs.topicId, stored.stale], [1, NEW, []])
    assert.deepEqual(stored.runs.translate(4), exact(604))
    assert.deepEqual(stored.runs.translate(500), { offset: 605, exactness: 'low' })
    await offsets.stop(never)
  })

  test('goes back where the source was cut off and copied again', async () => {
    const topic = new MapTopic()
    const { offsets } = topic.task()
    const one = offsets.add('t', 0)
    offsets.start()
    offsets.begin(one, 0)
    offsets.acknowledged(one, 100, OLD, dense(0, 100), 0)
    offsets.acknowledged(one, 80, OLD, null, -1)
    offsets.acknowledged(one, 90, OLD, dense(80, 10), 100)
    await offsets.stop(never)
    const { runs } = topic.read().runsOf('t', 0)!
    assert.deepEqual([runs.translate(79), runs.translate(80), runs.translate(90)], [exact(79), exact(100), exact(110)])
  })
})
