import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'
import type { RunChanges } from '../../../../../connectors/mirror/offset-map/run-list.ts'
import { segmentEntries } from '../../../../../connectors/mirror/offset-map/segment-entries.ts'
import { StoredMap } from '../../../../../connectors/mirror/offset-map/stored-map.ts'
import { seededRandom } from '../../../../seeded-random.ts'

const RUNS = 1_000_000
/** Of a full cache of decoded segments. */
const CACHE_BYTES = 128 * 128 * 24

function write(changes: RunChanges, runs: PartitionRuns, map: StoredMap): void {
  for (const { key, value } of segmentEntries('t', 0, runs, changes)) map.put({ key, value, partition: 0, offset: 0 })
}

test('a million transactions in one partition: at most 32 bytes each, and exact to the last record', () => {
  const random = seededRandom(1)
  const runs = new PartitionRuns()
  runs.topicId = '0a'.repeat(16)
  const first = 5_000_000_000
  runs.begin(first)
  let [source, target] = [first, 3_000_000_000]
  const places: [number, number, number][] = []
  for (let i = 0; i < RUNS; i++) {
    const length = 1 + Math.floor(random() * 200)
    runs.append(source, length, target)
    if (i % 97 === 0) places.push([source, length, target])
    source += length + 1
    target += length
    if (random() < 0.05) target += 1 + Math.floor(random() * 5_000)
    runs.cover(source)
  }
  const stored = new StoredMap()
  write(runs.takeChanges(), runs, stored)
  const map = stored.mapOf('t', 0)!
  for (const [start, length, at] of places) {
    const middle = length >> 1
    assert.deepEqual(map.translate(start + middle), { offset: at + middle, exactness: 'exact' })
    assert.deepEqual(map.translateBack(at + middle), { offset: start + middle, exactness: 'exact' })
    assert.equal(map.isCopy(at + length - 1), true)
  }
  assert.deepEqual(map.end, runs.end)
  assert.equal(map.topicId, runs.topicId)

  const written = runs.segments.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const bytes = written + stored.byteLength - CACHE_BYTES
  assert.ok(bytes / RUNS <= 28.5, `${bytes / RUNS} bytes a run, besides the cache`)
  assert.ok(stored.byteLength < 5 * RUNS, `${stored.byteLength} bytes to read`)

  for (let i = 0; i < 100; i++) {
    runs.append(source, 3, target)
    const changes = runs.takeChanges()
    assert.equal(changes.segments.length, 1)
    write(changes, runs, stored)
    assert.deepEqual(map.end, { source: source + 3, target: target + 3 })
    source += 4
    target += 3
  }
  runs.prune(source - 1_000)
  const { removed, segments } = runs.takeChanges()
  assert.deepEqual([removed.length > 7_000, segments.length], [true, 0])
  write({ removed, segments }, runs, stored)
  assert.equal(map.translate(first), null)
  assert.deepEqual(map.translate(source - 4), { offset: target - 3, exactness: 'exact' })
  const again = stored.runsOf('t', 0)
  assert.deepEqual([again?.runs.segments.length, again?.runs.end, again?.stale], [runs.segments.length, runs.end, []])
})
