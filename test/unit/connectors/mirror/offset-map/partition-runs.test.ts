import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { StoredRecord } from '../../../../../connectors/mirror/formats/index.ts'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'
import { segmentEntries } from '../../../../../connectors/mirror/offset-map/segment-entries.ts'
import { StoredMap } from '../../../../../connectors/mirror/offset-map/stored-map.ts'
import { seededRandom } from '../../../../seeded-random.ts'
import { CopiedLog } from './copied-log.ts'

const CASES = 1_000
const exact = (offset: number): object => ({ offset, exactness: 'exact' })
const low = (offset: number): object => ({ offset, exactness: 'low' })

function assertExact(runs: PartitionRuns, log: CopiedLog, from: number, hint: string): void {
  for (let source = from; source <= log.position; source++) {
    const translation = runs.translate(source)
    const { from: lowest, to } = log.bounds(source)
    const what = `${hint}: ${source} -> ${JSON.stringify(translation)}, not in ${lowest} to ${to}`
    if (translation === null) continue
    assert.ok(translation.offset <= to, what)
    if (translation.exactness === 'exact') assert.ok(translation.offset >= lowest, what)
  }
}

/** @param isLossy the target lost copies, and records of others may be in their place, which no map knows */
function assertExactBack(runs: PartitionRuns, log: CopiedLog, hint: string, isLossy = false): void {
  for (let target = 0; target <= log.targetEnd + 3; target++) {
    const translation = runs.translateBack(target)
    const { from, to } = log.boundsBack(target)
    const what = `${hint}: target ${target} -> ${JSON.stringify(translation)}, not in ${from} to ${to}`
    const copied = log.copyAt(target)
    if (runs.isCopy(target)) assert.ok(isLossy || (copied !== null && translation?.exactness === 'exact'), what)
    if (translation === null) continue
    assert.ok(translation.offset <= to, what)
    if (translation.exactness === 'exact') assert.ok(translation.offset >= from, what)
    if (translation.exactness === 'exact' && copied !== null) assert.ok(translation.offset <= copied, what)
  }
}

/** Writes what changed, as the topic would keep it, and reads it all again. */
class Disk {
  readonly #values = new Map<string, StoredRecord>()

  /** @param limit so many records at most arrive */
  save(runs: PartitionRuns, limit = Number.POSITIVE_INFINITY): number {
    const entries = segmentEntries('t', 0, runs, runs.takeChanges())
    for (const { key, value } of entries.slice(0, limit)) {
      this.#values.set(Buffer.from(key).toString('hex'), { key, value, partition: 0, offset: 0 })
    }
    return entries.length
  }

  load(): PartitionRuns {
    const map = new StoredMap()
    for (const record of this.#values.values()) map.put(record)
    const stored = map.runsOf('t', 0)
    assert.deepEqual(stored?.stale ?? [], [])
    return stored?.runs ?? new PartitionRuns()
  }
}

describe('runs of copied records', () => {
  test('neighbours of equal difference are one run, and a hole ends it', () => {
    const runs = new PartitionRuns()
    runs.begin(10)
    runs.append(10, 5, 100)
    runs.append(15, 5, 105)
    runs.cover(21)
    runs.append(21, 4, 110)
    assert.equal(runs.segments[0]?.count, 2)
    for (const [source, target] of [
      [10, 100],
      [14, 104],
      [19, 109],
      [20, 110],
      [21, 110],
      [24, 113],
      [25, 114],
    ] as const) {
      assert.deepEqual(runs.translate(source), exact(target), `${source}`)
    }
    assert.deepEqual(runs.translate(26), low(114))
    assert.equal(runs.translate(9), null)
  })

  test('an offset in a hole, before the first record or behind the last one goes on at the next record', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(7, 1, 50)
    runs.cover(12)
    for (const source of [0, 6, 7]) assert.deepEqual(runs.translate(source), exact(50))
    for (const source of [8, 11, 12]) assert.deepEqual(runs.translate(source), exact(51))
    assert.deepEqual(runs.translate(13), low(51))
  })

  test('before the very first record of a copy every offset goes on there, wherever reading began', () => {
    const first = new PartitionRuns()
    first.begin(40)
    first.append(45, 10, 0)
    for (const source of [0, 39, 40, 44, 45]) assert.deepEqual(first.translate(source), exact(0), `${source}`)
    const later = new PartitionRuns()
    later.begin(40)
    later.append(45, 10, 7)
    assert.equal(later.translate(39), null)
  })

  test('where records were copied twice the later copy counts', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 100, 0)
    runs.begin(80)
    assert.deepEqual(runs.translate(90), exact(90), 'nothing is forgotten before there is better')
    runs.append(80, 10, 100)
    assert.deepEqual(runs.translate(79), exact(79))
    assert.deepEqual(runs.translate(85), exact(105))
    assert.deepEqual(runs.translate(95), low(110))
  })

  test('a hole in which reading began again goes on at the later copy as a whole, also where the map missed the earlier one', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 10, 0)
    runs.cover(20)
    runs.append(20, 5, 10)
    for (const again of [15, 20]) {
      runs.begin(again)
      runs.append(20, 5, again)
      assert.deepEqual(runs.translate(9), exact(9))
      for (const source of [10, 14, 15, 19, 20]) assert.deepEqual(runs.translate(source), exact(again), `${source}`)
      assert.deepEqual(runs.translate(25), exact(again + 5))
    }
    runs.begin(25)
    runs.cover(28)
    runs.append(30, 1, 60)
    for (const source of [25, 28, 30]) assert.deepEqual(runs.translate(source), exact(60), `${source}`)
    assert.equal(runs.segments[0]?.count, 5)
  })

  test('what another program copied in between is unknown', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 10, 0)
    runs.begin(30)
    runs.append(32, 10, 50)
    assert.deepEqual(runs.translate(10), exact(10))
    assert.deepEqual(runs.translate(20), low(10))
    assert.deepEqual(runs.translate(31), exact(50))
    assert.deepEqual(runs.knownAtOrBelow(20), { source: 10, target: 10 })
    assert.deepEqual(runs.knownAbove(20), { source: 30, target: 50 })
    assert.equal(runs.knownAbove(35), null)
  })

  test('records whose place the broker did not tell are placed by those that follow them', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 10, 0)
    runs.appendUnplaced(10, 5)
    assert.deepEqual(runs.translate(12), low(10))
    runs.append(15, 1, 15)
    assert.deepEqual(runs.translate(12), exact(12))
    runs.appendUnplaced(16, 5)
    runs.append(21, 1, 99)
    assert.deepEqual(runs.translate(18), low(16))
    assert.deepEqual(runs.translate(21), exact(99))
  })

  test('what the target lost is unknown until it is copied again', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 100, 0)
    runs.append(100, 10, 40)
    assert.deepEqual(runs.translate(39), exact(39))
    assert.deepEqual(runs.translate(60), low(40))
    assert.deepEqual(runs.translate(100), exact(40))
  })

  test('a million runs are searched, written in small pieces and pruned', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    for (let i = 0; i < 1_000_000; i++) runs.append(3 * i, 2, 2 * i)
    const bytes = runs.segments.reduce((sum, { byteLength }) => sum + byteLength, 0)
    assert.ok(bytes / 1_000_000 <= 25, `${bytes} bytes`)
    assert.ok(runs.takeChanges().segments.length > 7_000)
    runs.append(3_000_000, 2, 2_000_000)
    assert.equal(runs.takeChanges().segments.length, 1)
    const startedAt = performance.now()
    for (let i = 0; i < 1_000_000; i += 7) assert.equal(runs.translate(3 * i + 1)?.offset, 2 * i + 1)
    assert.ok(performance.now() - startedAt < 2_000)
    runs.prune(2_999_000)
    assert.ok(runs.segments.length <= 4)
    assert.deepEqual(runs.translate(2_999_000), exact(1_999_334))
    assert.ok(runs.takeChanges().removed.length > 7_000)
  })

  test('the oldest runs go when there are too many', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    for (let i = 0; i < 1_100_000; i++) runs.append(2 * i, 1, i)
    assert.equal(runs.segments.length, 8_192)
    assert.equal(runs.translate(0), null)
    assert.deepEqual(runs.translate(2_199_998), exact(1_099_999))
  })

  test('whatever part of a write arrives, a map without gaps is stored that is never high', () => {
    for (let arrived = 0, length = 1; arrived <= length; arrived++) {
      const disk = new Disk()
      const runs = new PartitionRuns()
      runs.begin(0)
      for (let i = 0; i < 1_000; i++) runs.append(3 * i, 2, 2 * i)
      disk.save(runs)
      runs.prune(1_600)
      runs.begin(1_800)
      for (let i = 600; i < 1_100; i++) runs.append(3 * i, 2, 2 * i + 800)
      length = disk.save(runs, arrived)
      const stored = disk.load()
      for (let i = 540; i < 1_100; i++) {
        const [copy, last] = [stored.translate(3 * i), i < 600 ? 2 * i : 2 * i + 800]
        assert.ok(copy !== null && copy.offset <= last, `${arrived} records arrived: ${3 * i} -> ${copy?.offset}`)
        const back = stored.translateBack(last)
        const unread = last < 2_000 ? 3 * i : Math.max(3 * i, 2_999)
        assert.ok(back !== null && back.offset <= unread, `${arrived} records arrived: back ${last} -> ${back?.offset}`)
      }
    }
  })

  test('random copying: every translation is exact', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const log = new CopiedLog(seededRandom(seed))
      const runs = new PartitionRuns()
      const from = log.position
      runs.begin(from)
      const isLossy = seed % 3 === 0
      for (let step = 0; step < 4; step++) {
        log.copy(runs, log.below(30), isLossy ? 0 : 0.1)
        if (isLossy) log.truncateTarget(runs)
      }
      assertExact(runs, log, from, `seed ${seed}`)
      assertExactBack(runs, log, `seed ${seed}`, isLossy)
    }
  })

  test('random restarts: exact again when the map was written before the offsets were', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const log = new CopiedLog(seededRandom(seed))
      const disk = new Disk()
      let committed = log.position
      const from = committed
      for (let session = 0; session < 4; session++) {
        const runs = new PartitionRuns()
        log.restart(committed)
        runs.begin(committed)
        log.copy(runs, log.below(20))
        const loaded = disk.load()
        loaded.follow(runs)
        log.copy(loaded, 1 + log.below(20))
        disk.save(loaded)
        committed = log.position - log.below(3)
        log.copy(loaded, log.below(20))
        if (log.below(2) === 0) {
          disk.save(loaded)
          assertExact(loaded, log, from, `seed ${seed}, session ${session}`)
          assertExactBack(loaded, log, `seed ${seed}, session ${session}`)
        }
      }
    }
  })

  test('random kills with offsets stored ahead of the map: never high', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const log = new CopiedLog(seededRandom(seed))
      const disk = new Disk()
      let committed = log.position
      for (let session = 0; session < 5; session++) {
        const runs = disk.load()
        log.restart(committed)
        runs.begin(committed)
        log.copy(runs, log.below(30))
        if (log.below(3) > 0) disk.save(runs)
        log.copy(runs, log.below(30))
        committed = log.position - log.below(4)
        for (const read of [runs, disk.load()]) {
          for (let source = 0; source <= log.position + 5; source++) {
            const translation = read.translate(source)
            assert.ok(translation === null || translation.offset <= log.bounds(source).to, `seed ${seed}: ${source}`)
          }
          for (let target = 0; target <= log.targetEnd + 3; target++) {
            const back = read.translateBack(target)
            assert.ok(back === null || back.offset <= log.boundsBack(target).to, `seed ${seed}: target ${target}`)
            if (read.isCopy(target)) assert.ok(log.holdsCopyAt(target), `seed ${seed}: target ${target}`)
          }
        }
      }
    }
  })
})
