import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planStart, type SharedPartition } from '../../../../../connectors/mirror/failover/start-plan.ts'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'

type Run = readonly [start: number, count: number, target: number]

function mapOf(...runs: readonly Run[]): PartitionRuns | null {
  if (runs.length === 0) return null
  const map = new PartitionRuns()
  for (const [start, count, target] of runs) {
    map.begin(start)
    map.append(start, count, target)
  }
  return map
}

interface Case {
  /** Log ends at home and away. */
  readonly ends: readonly [number, number]
  /** Copied from home to away, and back. */
  readonly out?: readonly Run[]
  readonly back?: readonly Run[]
  /** Last offset stored, out and back. */
  readonly stored?: readonly [number, number]
  readonly repeats?: SharedPartition['repeats']
}

function plan({ ends, out = [], back = [], stored = [-1, -1], repeats = [] }: Case): ReturnType<typeof planStart> {
  return planStart({
    topic: 't',
    partition: 0,
    home: { logStart: 0, logEnd: ends[0], stored: stored[0], map: mapOf(...out) },
    away: { logStart: 0, logEnd: ends[1], stored: stored[1], map: mapOf(...back), topicId: 'id' },
    repeats,
  })
}

test('the flow back starts after the last record that came from home', () => {
  const { start, action, neverCopied, untraced, among } = plan({ ends: [100, 150], out: [[0, 100, 0]], stored: [99, -1] })
  assert.deepEqual(
    { start, action, neverCopied, untraced, among },
    {
      start: 99,
      action: 'set',
      neverCopied: null,
      untraced: null,
      among: [],
    },
  )
})

test('what never came from home is copied whole', () => {
  const { start, action } = plan({ ends: [0, 50] })
  assert.deepEqual([start, action], [-1, 'there'])
})

test('a stored start is never moved back, and a second plan finds it where it should be', () => {
  const out: Run[] = [[0, 100, 0]]
  assert.equal(plan({ ends: [100, 150], out, stored: [99, 99] }).action, 'there')
  const later = plan({ ends: [150, 150], out, back: [[100, 50, 100]], stored: [99, 149] })
  assert.deepEqual([later.start, later.action, later.neverCopied], [149, 'there', null])
})

test('after there and back and there again, it starts after what came last, and nothing counts as missing', () => {
  const out: Run[] = [
    [0, 100, 0],
    [150, 30, 150],
  ]
  const again = plan({ ends: [180, 200], out, back: [[100, 50, 100]], stored: [179, 149] })
  assert.deepEqual([again.start, again.among, again.neverCopied, again.untraced], [179, [], null, null])
})

test('what home had and never got away is told, as far as it came after what was copied back', () => {
  assert.deepEqual(plan({ ends: [110, 150], out: [[0, 100, 0]], stored: [99, -1] }).neverCopied, { from: 100, to: 110 })
  const settled = plan({ ends: [160, 150], out: [[0, 100, 0]], back: [[100, 50, 110]], stored: [99, 149] })
  assert.equal(settled.neverCopied, null)
  assert.deepEqual(plan({ ends: [10, 0] }).neverCopied, { from: 0, to: 10 })
})

test('records of others among those from home are not passed over: it starts before them', () => {
  const out: Run[] = [
    [0, 100, 0],
    [100, 10, 120],
  ]
  const mixed = plan({ ends: [110, 150], out, stored: [109, -1] })
  assert.deepEqual([mixed.start, mixed.among], [99, [{ from: 100, to: 120 }]])
  const copied = plan({ ends: [110, 150], out, stored: [109, 119] })
  assert.deepEqual([copied.start, copied.among], [129, []])
})

test('what a crash of the mirror repeated came from home', () => {
  const out: Run[] = [
    [0, 90, 0],
    [90, 20, 100],
  ]
  const repeated = plan({ ends: [110, 150], out, stored: [109, -1], repeats: [{ from: 90, to: 100 }] })
  assert.deepEqual([repeated.start, repeated.among], [119, []])
})

test('copies that the map does not know are told', () => {
  const unknown = plan({ ends: [100, 150], stored: [99, -1] })
  assert.deepEqual([unknown.start, unknown.untraced, unknown.neverCopied], [-1, { from: 0, to: 100 }, null])
  const later = plan({ ends: [120, 150], out: [[0, 100, 0]], stored: [119, -1] })
  assert.deepEqual(later.untraced, { from: 100, to: 120 })
})

test('copies that were lost away are not waited for', () => {
  assert.equal(plan({ ends: [100, 80], out: [[0, 100, 0]], stored: [99, -1] }).start, 79)
})

test('what lies before the first record known to come from home counts as a copy', () => {
  const { start, before } = plan({ ends: [100, 150], out: [[50, 50, 50]], stored: [99, -1] })
  assert.deepEqual([start, before], [99, 50])
})
