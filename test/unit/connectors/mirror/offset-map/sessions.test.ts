import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OffsetMapWriter } from '../../../../../connectors/mirror/offset-map/offset-map-writer.ts'
import { StoredMap } from '../../../../../connectors/mirror/offset-map/stored-map.ts'
import { CopiedOffsets, type CopiedPartition } from '../../../../../connectors/mirror/offset-syncs/copied-offsets.ts'
import { OffsetSyncWriter } from '../../../../../connectors/mirror/offset-syncs/offset-sync-writer.ts'
import { type Deferred, deferred } from '../../../../../framework/flow/index.ts'
import type { TopicLogEntry } from '../../../../../framework/kafka/topic-log.ts'
import { MemoryLogger } from '../../../../../framework/testing/memory-logger.ts'
import { seededRandom } from '../../../../seeded-random.ts'
import { ModelledMirror } from './modelled-mirror.ts'

const never = new AbortController().signal
const PLACE = { partition: 0, offset: 0, timestamp: 0 }

/** The map's topic in memory, always compacted, with a reader that follows it. */
class MapTopic {
  readonly #records = new Map<string, TopicLogEntry>()
  readonly reader = new StoredMap()
  /** How many of the next write's entries arrive before it fails; null = it succeeds. */
  arriving: number | null = null

  append(entries: readonly TopicLogEntry[]): void {
    const arrived = entries.slice(0, this.arriving ?? entries.length)
    for (const { key, value } of arrived) {
      const name = Buffer.from(key).toString('hex')
      this.#records.delete(name)
      if (value !== null) this.#records.set(name, { key, value })
      this.reader.put({ key, value, ...PLACE })
    }
    if (this.arriving !== null) throw new Error('the write failed')
  }

  get records(): Iterable<TopicLogEntry> {
    return this.#records.values()
  }

  /** All of it read anew. */
  read(): StoredMap {
    const map = new StoredMap()
    for (const { key, value } of this.records) map.put({ key, value, ...PLACE })
    return map
  }
}

interface Session {
  readonly offsets: CopiedOffsets
  readonly map: OffsetMapWriter
  readonly partition: CopiedPartition
  /** What is stored may be read. */
  readonly readable: Deferred<void>
}

function openSession(topic: MapTopic, mirror: ModelledMirror): Session {
  const logger = new MemoryLogger()
  const readable = deferred<void>()
  const map = new OffsetMapWriter({
    topic: 'map',
    logger,
    open: async ({ onRecord }, signal) => {
      const aborted = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
      await Promise.race([readable.promise, aborted])
      signal.throwIfAborted()
      for (const { key, value } of topic.records) onRecord({ key: Buffer.from(key), value: value as Buffer | null, ...PLACE })
      return { append: async entries => topic.append(entries), close: () => Promise.resolve() }
    },
  })
  const syncs = new OffsetSyncWriter({ topic: 'syncs', logger, append: () => Promise.resolve() })
  const offsets = new CopiedOffsets({ syncs, map, maxOffsetLag: 100, logger, close: () => Promise.resolve() })
  const partition = offsets.add('t', 0)
  offsets.start()
  mirror.begin(offsets, partition)
  return { offsets, map, partition, readable }
}

interface Kind {
  readonly sessions: number
  readonly length: number
  readonly unplacedRatio: number
  /** Writes of the map fail, in whole or in part, and the offsets are committed all the same. */
  readonly failures: boolean
  /** The source is cut off and created anew. */
  readonly losses: boolean
}

class Case {
  readonly #kind: Kind
  readonly #topic = new MapTopic()
  readonly #mirror: ModelledMirror

  constructor(seed: number, kind: Kind) {
    this.#kind = kind
    this.#mirror = new ModelledMirror(seededRandom(seed), kind.unplacedRatio)
  }

  /** Null = no fault was found. */
  async run(): Promise<string | null> {
    for (let i = 0; i < this.#kind.sessions; i++) {
      const fault = await this.#session()
      if (fault !== null) return `session ${i}: ${fault}`
    }
    return null
  }

  async #session(): Promise<string | null> {
    const session = openSession(this.#topic, this.#mirror)
    try {
      return await this.#mirrorIn(session)
    } finally {
      await session.map.close()
    }
  }

  async #mirrorIn(session: Session): Promise<string | null> {
    const mirror = this.#mirror
    const { offsets, partition } = session
    if (mirror.below(3) === 0) this.#act(session)
    if (mirror.below(10) === 0) return this.#fault()
    session.readable.resolve()
    for (let steps = mirror.below(4); steps > 0; steps--) {
      this.#act(session)
      const fault = await this.#commit(session)
      if (fault !== null) return fault
    }
    mirror.copy(offsets, partition, mirror.below(this.#kind.length))
    if (mirror.below(2) === 0) return this.#fault()
    const { told, committed } = mirror.snapshot()
    this.#topic.arriving = null
    await offsets.stop(never)
    mirror.committed = committed
    told()
    return this.#fault()
  }

  #act({ offsets, partition }: Session): void {
    const mirror = this.#mirror
    mirror.copy(offsets, partition, mirror.below(this.#kind.length))
    if (!this.#kind.losses) return
    if (mirror.below(6) === 0) mirror.cutSource(offsets, partition)
    if (mirror.below(12) === 0) mirror.recreate(offsets, partition)
  }

  /** As the runtime commits: what is acknowledged meanwhile waits for the next time. */
  async #commit({ offsets, partition }: Session): Promise<string | null> {
    const mirror = this.#mirror
    if (mirror.committed.topicId === mirror.topicId && mirror.below(3) === 0) {
      mirror.logStart = Math.max(mirror.logStart, Math.min(mirror.committed.offset, mirror.position) - mirror.below(40))
    }
    partition.map.runs.prune(mirror.logStart)
    const failed = this.#kind.failures && mirror.below(3) === 0
    this.#topic.arriving = failed ? mirror.below(4) : null
    const { told, committed } = mirror.snapshot()
    const flush = offsets.commit(never)
    if (failed)
      await assert.rejects(
        flush.then(() => this.#nothingToWrite()),
        /failed|nothing/,
      )
    else await flush
    if (!failed) told()
    if (mirror.below(3) > 0) mirror.committed = committed
    return this.#fault()
  }

  #nothingToWrite(): never {
    throw new Error('nothing to write')
  }

  #fault(): string | null {
    const [followed, anew] = [this.#topic.reader.mapOf('t', 0), this.#topic.read().mapOf('t', 0)]
    if (followed === null || anew === null) return followed === anew ? null : 'one reader has a map, the other has none'
    for (let offset = 0; offset < this.#mirror.position; offset += 7) {
      assert.deepEqual(followed.translate(offset), anew.translate(offset))
      assert.deepEqual(followed.translateBack(offset), anew.translateBack(offset))
    }
    assert.deepEqual([followed.end, followed.topicId], [anew.end, anew.topicId])
    if (followed.topicId !== null && followed.topicId !== this.#mirror.topicId) return null
    const { unplacedRatio, failures, losses } = this.#kind
    return this.#mirror.faultOf(followed, unplacedRatio === 0 && !failures && !losses)
  }
}

async function assertNoFault(cases: number, kind: Kind): Promise<void> {
  for (let seed = 1; seed <= cases; seed++) {
    const fault = await new Case(seed, kind).run().catch((error: Error) => error.stack)
    assert.equal(fault, null, `seed ${seed}: ${fault}`)
  }
}

const SHORT = { sessions: 6, length: 40, unplacedRatio: 0, failures: false, losses: false }
const LONG = { ...SHORT, sessions: 4, length: 900 }

describe('the map over many sessions of a mirror', () => {
  test('crashes between writing the map and the offsets: all that was committed is exact', () => assertNoFault(1_000, SHORT))
  test('the same in maps of many segments', () => assertNoFault(30, LONG))
  test('parts of unknown place', () => assertNoFault(1_000, { ...SHORT, unplacedRatio: 0.1 }))
  test('a source that is cut off or created anew', () => assertNoFault(1_000, { ...SHORT, losses: true }))
  test('maps that were not written, or in part', () => assertNoFault(1_000, { ...SHORT, failures: true }))
  test('everything at once', () => assertNoFault(1_000, { ...SHORT, unplacedRatio: 0.05, failures: true, losses: true }))
  test('everything at once in maps of many segments', () =>
    assertNoFault(40, { ...LONG, unplacedRatio: 0.02, failures: true, losses: true }))
})
