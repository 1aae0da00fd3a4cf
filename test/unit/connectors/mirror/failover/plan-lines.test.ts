import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planFailback, planFailover } from '../../../../../connectors/mirror/failover/move-plan.ts'
import { planJson } from '../../../../../connectors/mirror/failover/plan-json.ts'
import { endingLine, planLines } from '../../../../../connectors/mirror/failover/plan-lines.ts'
import { failback, group, position, situation } from './situations.ts'

const plain = (_: unknown, text: string): string => text

test('a plan for people: a line per check, a row per partition, and what comes next', () => {
  const plan = planFailover(
    situation([group('g', [position(), position({ partition: 1, committed: 50, standsThere: true })])]),
    false,
  )
  const lines = planLines(plan, plain)
  assert.ok(lines.includes('OK       no consumer is in the groups on A'))
  assert.deepEqual(lines.slice(-3), [
    'GROUP  PARTITION  OFFSET  LAG  ON B        OFFSET  EXACTNESS  NOW  ACTION',
    'g      orders-0       50   50  A.orders-0      50  exact        -  set',
    'g      orders-1       50   50  A.orders-1      50  exact       50  there already',
  ])
  assert.equal(endingLine(plan, null), 'Nothing was changed; --apply sets offsets of 1 group on B.')
  assert.equal(endingLine(plan, { starts: 0, groups: ['g'], failed: null }), 'Set: offsets of 1 group on B.')
})

test('the ending tells what was refused, left, or failed', () => {
  const running = planFailover(situation([group('g', [position()], { state: 'Stable' })]), false)
  assert.equal(endingLine(running, null), 'Nothing was changed.')
  const waits = position({ copiedEnd: 0, targetEnd: null, translation: null })
  assert.equal(endingLine(planFailback(failback([group('g', [waits])]), false), null), 'Nothing to set; 1 group not yet.')
  const plan = planFailover(situation([group('g', [position()])]), false)
  const failed = { group: 'g', error: new Error('not allowed') }
  assert.equal(
    endingLine(plan, { starts: 0, groups: [], failed }),
    'Nothing was set; group g was refused: not allowed. Run this again.',
  )
})

test('the document for programs has every field', () => {
  const plan = planFailover(situation([group('g', [position()])]), false)
  const json = planJson({ command: 'failover', flow: 'A->B', mode: 'apply' }, plan, { starts: 0, groups: ['g'], failed: null })
  const { checks, ...rest } = JSON.parse(JSON.stringify(json)) as { checks: readonly object[] }
  assert.ok(checks.length > 5)
  assert.deepEqual(rest, {
    command: 'failover',
    flow: 'A->B',
    mode: 'apply',
    status: 'applied',
    source: 'A',
    target: 'B',
    positions: 'groups',
    neverCopied: [],
    starts: [],
    groups: [
      {
        group: 'g',
        sourceState: 'Empty',
        targetState: null,
        partitions: [
          {
            topic: 'orders',
            partition: 0,
            offset: 50,
            lag: 50,
            targetTopic: 'A.orders',
            targetOffset: 50,
            exactness: 'exact',
            readAgainAtMost: 0,
            committed: null,
            action: 'set',
            trouble: null,
          },
        ],
      },
    ],
    waiting: [],
    failed: null,
  })
})
