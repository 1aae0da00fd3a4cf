import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { translateOffset } from '../../../../../connectors/mirror/offset-map/offset-translator.ts'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'
import { OffsetSyncTable } from '../../../../../connectors/mirror/offset-syncs/offset-sync-table.ts'
import { PartitionSyncs } from '../../../../../connectors/mirror/offset-syncs/partition-syncs.ts'
import { seededRandom } from '../../../../seeded-random.ts'
import { CopiedLog } from './copied-log.ts'

const CASES = 2_000

/** An offset-syncs topic as a mirror fills it. */
class Syncs {
  readonly table = new OffsetSyncTable('syncs', false)

  constructor() {
    this.table.readToEnd()
  }

  /** A run of records was copied. */
  copied(partition: PartitionSyncs, start: number, count: number, target: number): void {
    for (let i = 0; i < count; i++) {
      if (!partition.update(start + i, target + i)) continue
      partition.reset()
      this.add(start + i, target + i, partition.session)
    }
  }

  add(upstreamOffset: number, downstreamOffset: number, session = 1): void {
    this.table.add({ topic: 't', partition: 0, upstreamOffset, downstreamOffset, session })
  }

  translate(source: number, map: PartitionRuns | null = null): ReturnType<typeof translateOffset> {
    return translateOffset({ map, proven: this.table.proven('t', 0), slots: this.table.slots('t', 0) }, source)
  }
}

describe('translation by the map and by offset syncs', () => {
  test('two syncs of equal difference prove what lies between', () => {
    const syncs = new Syncs()
    syncs.add(100, 1_100)
    syncs.add(200, 1_200)
    syncs.add(300, 1_310)
    assert.deepEqual(syncs.translate(150), { offset: 1_150, exactness: 'exact' })
    assert.deepEqual(syncs.translate(201), { offset: 1_201, exactness: 'exact' })
    assert.deepEqual(syncs.translate(250), { offset: 1_201, exactness: 'low' })
    assert.deepEqual(syncs.translate(300), { offset: 1_310, exactness: 'exact' })
    assert.deepEqual(syncs.translate(400), { offset: 1_311, exactness: 'low' })
    assert.equal(syncs.translate(50), null)
  })

  test('a stretch that the map has lost is proven by syncs of one session around it, not by its ends', () => {
    const map = new PartitionRuns()
    map.begin(0)
    map.append(0, 10, 100)
    map.begin(50)
    map.append(50, 10, 150)
    const syncs = new Syncs()
    syncs.add(59, 159)
    assert.deepEqual(syncs.translate(30, map), { offset: 110, exactness: 'low' })
    map.begin(100)
    map.append(100, 10, 200)
    syncs.add(80, 180)
    assert.deepEqual(syncs.translate(70, map), { offset: 170, exactness: 'exact' })
    syncs.add(109, 209, 2)
    assert.deepEqual(syncs.translate(90, map), { offset: 181, exactness: 'low' })
  })

  test('records copied again that make up for a hole: pairs of two sessions prove nothing', () => {
    const syncs = new Syncs()
    // 250 to 253 are copied to 500 to 503, 254 is a marker, 255 to 258 are copied to 504 to 507, then 258 again.
    syncs.add(250, 500, 1)
    syncs.add(258, 508, 2)
    assert.deepEqual(syncs.translate(256), { offset: 501, exactness: 'low' })
    assert.deepEqual(syncs.translate(258), { offset: 508, exactness: 'exact' })
  })

  test('pairs of MirrorMaker 2 prove what lies between until they have shown a hole', () => {
    const syncs = new Syncs()
    const add = (upstreamOffset: number, downstreamOffset: number): void =>
      syncs.table.add({ topic: 't', partition: 0, upstreamOffset, downstreamOffset })
    add(100, 100)
    add(200, 200)
    add(250, 260)
    assert.deepEqual(syncs.translate(150), { offset: 150, exactness: 'exact' })
    add(300, 309)
    assert.deepEqual(syncs.translate(150), { offset: 101, exactness: 'low' })
    add(400, 409)
    assert.deepEqual(syncs.translate(350), { offset: 310, exactness: 'low' })
    assert.deepEqual(syncs.translate(400), { offset: 409, exactness: 'exact' })
  })

  test('a map of an older target does not count', () => {
    const map = new PartitionRuns()
    map.begin(0)
    map.append(0, 1_000, 5_000)
    const syncs = new Syncs()
    syncs.add(999, 40)
    assert.deepEqual(syncs.translate(500, map), null)
    assert.deepEqual(syncs.translate(999, map), { offset: 40, exactness: 'exact' })
  })

  test('a map that was not written on while another mirror copied again is low', () => {
    const map = new PartitionRuns()
    map.begin(0)
    map.append(0, 1_000, 0)
    const syncs = new Syncs()
    syncs.add(900, 1_000)
    assert.deepEqual(syncs.translate(950, map), { offset: 1_001, exactness: 'low' })
    assert.deepEqual(syncs.translate(800, map), { offset: 800, exactness: 'exact' })
  })

  test('what syncs tell to be copied again is low until the map tells it, too, and never at its first copy', () => {
    const map = new PartitionRuns()
    map.begin(0)
    map.append(0, 551, 0)
    const syncs = new Syncs()
    syncs.add(545, 545, 1)
    // A mirror was killed, the next one copies again from 546 on, behind what the first one copied without telling.
    syncs.add(546, 642, 2)
    assert.deepEqual(syncs.translate(551, map), { offset: 643, exactness: 'low' })
    syncs.add(836, 921, 2)
    assert.deepEqual(syncs.translate(551, map), { offset: 643, exactness: 'low' })
    map.begin(546)
    map.append(546, 291, 642)
    assert.deepEqual(syncs.translate(551, map), { offset: 647, exactness: 'exact' })
  })

  test('pairs of records that the target has lost do not count', () => {
    const map = new PartitionRuns()
    map.begin(0)
    map.append(0, 100, 0)
    const syncs = new Syncs()
    syncs.add(99, 99)
    map.append(100, 10, 50)
    syncs.add(109, 59)
    assert.deepEqual(syncs.translate(100, map), { offset: 50, exactness: 'exact' })
    assert.deepEqual(syncs.translate(70, map), map.translate(70))
  })

  test('random copying with gaps, by syncs alone: never high, and right where it says exact, unless others write to the copy', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const othersWrite = seed % 2 === 0
      const log = new CopiedLog(seededRandom(seed), othersWrite)
      const syncs = new Syncs()
      const partition = new PartitionSyncs('t', 0, log.below(20))
      const told = new PartitionRuns()
      told.begin(log.position)
      told.append = (start, count, target) => syncs.copied(partition, start, count, target)
      log.copy(told, 10 + log.below(120), 0)
      for (let source = 0; source <= log.position; source++) {
        const translation = syncs.translate(source)
        const { from, to } = log.bounds(source)
        const what = `seed ${seed}: ${source} -> ${JSON.stringify(translation)}, not in ${from} to ${to}`
        if (translation === null) continue
        assert.ok(translation.offset <= to, what)
        if (translation.exactness === 'exact' && !othersWrite) assert.ok(translation.offset >= from, what)
      }
    }
  })
})
