import assert from 'node:assert/strict'
import { test } from 'node:test'
import { above, sizeOf, targetGaps } from '../../../../../connectors/mirror/failover/target-gaps.ts'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'

type Run = readonly [start: number, count: number, target: number]

/** Begins to read again at each run that is not the next. */
function mapOf(...runs: readonly Run[]): PartitionRuns {
  const map = new PartitionRuns()
  for (const [start, count, target] of runs) {
    if (start !== map.coveredEnd) map.begin(start)
    map.append(start, count, target)
  }
  return map
}

test('copies that follow each other on the target leave no gap, whatever holes the source has', () => {
  assert.deepEqual(targetGaps(mapOf()), [])
  assert.deepEqual(targetGaps(mapOf([0, 100, 0])), [])
  const holes = mapOf([0, 10, 5])
  holes.append(12, 8, 15)
  holes.append(30, 1, 23)
  assert.deepEqual(targetGaps(holes), [])
})

test('records of others between copies are gaps, of any size, and neighbouring ones too', () => {
  const map = mapOf([0, 10, 0])
  map.append(10, 1, 11)
  map.append(11, 4, 13)
  map.append(15, 5, 117)
  assert.deepEqual(targetGaps(map), [
    { from: 10, to: 11 },
    { from: 12, to: 13 },
    { from: 17, to: 117 },
  ])
})

test('a jump of the flow, as after a failback, leaves the gap that the other flow filled', () => {
  assert.deepEqual(targetGaps(mapOf([0, 100, 0], [150, 30, 150])), [{ from: 100, to: 150 }])
})

test('first copies that a crash made superfluous are a gap', () => {
  assert.deepEqual(targetGaps(mapOf([0, 100, 0], [90, 20, 100])), [{ from: 90, to: 100 }])
})

test('what lies above an offset, and how much it is', () => {
  const ranges = [
    { from: 0, to: 10 },
    { from: 20, to: 30 },
    { from: 40, to: 50 },
  ]
  assert.deepEqual(above(ranges, 25), [
    { from: 25, to: 30 },
    { from: 40, to: 50 },
  ])
  assert.equal(sizeOf(above(ranges, 25)), 15)
})
