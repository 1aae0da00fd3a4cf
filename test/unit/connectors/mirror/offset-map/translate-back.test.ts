import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { translateBackOffset } from '../../../../../connectors/mirror/offset-map/back-translator.ts'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'
import { OffsetSyncTable } from '../../../../../connectors/mirror/offset-syncs/offset-sync-table.ts'
import { PartitionSyncs } from '../../../../../connectors/mirror/offset-syncs/partition-syncs.ts'
import { seededRandom } from '../../../../seeded-random.ts'
import { CopiedLog } from './copied-log.ts'

const CASES = 2_000
const exact = (offset: number): object => ({ offset, exactness: 'exact' })
const low = (offset: number): object => ({ offset, exactness: 'low' })

describe('from the copy back to the source, by the map', () => {
  test('a copied record is exact, and so is the end of a run; what others wrote goes back to the run before it', () => {
    const runs = new PartitionRuns()
    assert.deepEqual([runs.translateBack(0), runs.end, runs.isCopy(0)], [null, null, false])
    runs.begin(10)
    runs.append(10, 5, 100)
    runs.cover(17)
    runs.append(17, 5, 110)
    runs.cover(30)
    assert.equal(runs.translateBack(99), null)
    for (const [target, source] of [
      [100, 10],
      [104, 14],
      [105, 15],
      [110, 17],
      [115, 22],
    ] as const) {
      assert.deepEqual(runs.translateBack(target), exact(source), `${target}`)
    }
    for (const target of [106, 109]) assert.deepEqual(runs.translateBack(target), low(15), `${target}`)
    assert.deepEqual(runs.translateBack(116), low(22))
    assert.deepEqual(runs.end, { source: 30, target: 115 })
    assert.deepEqual(
      [99, 100, 104, 105, 109, 110, 114, 115].map(target => runs.isCopy(target)),
      [false, true, true, false, false, true, true, false],
    )
  })

  test('where records were copied twice, a consumer of the first copies goes on at the second ones', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 100, 0)
    runs.begin(80)
    runs.append(80, 30, 100)
    assert.deepEqual(runs.translateBack(80), exact(80))
    assert.deepEqual(runs.translateBack(90), low(80))
    assert.equal(runs.isCopy(90), false)
    assert.deepEqual(runs.translateBack(100), exact(80))
    assert.deepEqual(runs.translateBack(115), exact(95))
  })

  test('what another program copied lies between the runs', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 10, 0)
    runs.begin(30)
    runs.append(32, 10, 50)
    assert.deepEqual(runs.translateBack(10), exact(10))
    assert.deepEqual(runs.translateBack(30), low(10))
    assert.deepEqual(runs.translateBack(50), exact(32))
  })

  test('what the target lost is not skipped by who has not read past it', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    runs.append(0, 100, 0)
    runs.append(100, 10, 40)
    assert.deepEqual(runs.translateBack(39), exact(39))
    assert.deepEqual(runs.translateBack(40), exact(40))
    assert.deepEqual(runs.translateBack(41), exact(101))
  })

  test('a million runs are searched', () => {
    const runs = new PartitionRuns()
    runs.begin(0)
    for (let i = 0; i < 1_000_000; i++) runs.append(3 * i, 2, 2 * i)
    const startedAt = performance.now()
    for (let i = 0; i < 1_000_000; i += 7) assert.equal(runs.translateBack(2 * i + 1)?.offset, 3 * i + 1)
    assert.ok(performance.now() - startedAt < 2_000)
  })

  test('random copying that others write to: every copy leads to its source, every other record is told apart', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const log = new CopiedLog(seededRandom(seed))
      const runs = new PartitionRuns()
      runs.begin(log.position)
      for (let session = 0; session < 3; session++) {
        log.copy(runs, 10 + log.below(40), 0)
        const position = Math.max(0, log.position - log.below(15))
        log.restart(position)
        runs.begin(position)
      }
      log.copy(runs, 20, 0)
      for (let target = 0; target < log.targetEnd; target++) {
        const source = log.copyAt(target)
        const what = `seed ${seed}: target ${target}, source ${source}`
        assert.equal(runs.isCopy(target), source !== null, what)
        if (source !== null) assert.deepEqual(runs.translateBack(target), exact(source), what)
      }
    }
  })
})

describe('from the copy back to the source, by offset syncs', () => {
  const tableOf = (...pairs: readonly (readonly [number, number])[]): OffsetSyncTable => {
    const table = new OffsetSyncTable('syncs', false)
    table.readToEnd()
    for (const [upstreamOffset, downstreamOffset] of pairs) {
      table.add({ topic: 't', partition: 0, upstreamOffset, downstreamOffset, session: 1 })
    }
    return table
  }
  const back =
    (table: OffsetSyncTable, target: number, map: PartitionRuns | null = null) =>
    (log?: Parameters<typeof translateBackOffset>[2]) =>
      translateBackOffset({ map, proven: table.proven('t', 0), slots: table.slots('t', 0) }, target, log)

  test('two pairs of equal difference prove what lies between, where nobody else writes', () => {
    const table = tableOf([100, 1_100], [200, 1_200], [300, 1_310])
    assert.deepEqual(back(table, 1_150)('copies only'), exact(150))
    assert.deepEqual(back(table, 1_150)('shared'), low(101))
    assert.deepEqual(back(table, 1_250)('copies only'), low(201))
    assert.deepEqual(back(table, 1_310)('copies only'), exact(300))
    assert.deepEqual(back(table, 1_311)('copies only'), exact(301))
    assert.deepEqual(back(table, 1_311)('shared'), low(301))
    assert.deepEqual(back(table, 1_310)(), low(300))
    assert.deepEqual(back(table, 1_400)(), low(301))
    assert.equal(back(table, 1_099)(), null)
    assert.equal(translateBackOffset({ map: null, proven: null, slots: null }, 5), null)
  })

  test('a map that the newest pair contradicts does not count', () => {
    const map = new PartitionRuns()
    map.begin(100)
    map.append(100, 1_000, 0)
    assert.deepEqual(back(tableOf([599, 499]), 450, map)(), exact(550))
    assert.deepEqual(back(tableOf([10, 10], [500, 500]), 450, map)(), low(11))
    assert.deepEqual(back(tableOf([1_500, 300]), 450, map)(), low(1_501))
  })

  test('random copying by syncs alone: never high, and right where it says exact', () => {
    let exactOnes = 0
    for (let seed = 1; seed <= CASES; seed++) {
      const othersWrite = seed % 2 === 0
      const log = new CopiedLog(seededRandom(seed), othersWrite)
      const table = tableOf()
      const partition = new PartitionSyncs('t', 0, log.below(20))
      const told = new PartitionRuns()
      told.append = (start, count, target) => {
        for (let i = 0; i < count; i++) {
          if (!partition.update(start + i, target + i)) continue
          partition.reset()
          const pair = { upstreamOffset: start + i, downstreamOffset: target + i, session: partition.session }
          table.add({ topic: 't', partition: 0, ...pair })
        }
      }
      log.copy(told, 10 + log.below(120), 0)
      for (let target = 0; target <= log.targetEnd + 3; target++) {
        const translation = back(table, target)(othersWrite ? 'shared' : 'copies only')
        const { from, to } = log.boundsBack(target)
        const what = `seed ${seed}: target ${target} -> ${JSON.stringify(translation)}, not in ${from} to ${to}`
        if (translation === null) continue
        assert.ok(translation.offset <= to, what)
        if (translation.exactness === 'exact') assert.ok(translation.offset >= from, what)
        if (translation.exactness === 'exact') exactOnes++
      }
    }
    assert.ok(exactOnes > 10 * CASES, `${exactOnes} exact ones`)
  })
})
