import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PlannedPosition, planGroup } from '../../../../../connectors/mirror/failover/planned-group.ts'
import { group, position } from './situations.ts'

const plan = (changes: Parameters<typeof position>[0], mayWait = false): readonly [string, string | undefined] => {
  const [planned] = planGroup(group('g', [position(changes)]), mayWait).positions as readonly [PlannedPosition]
  return [planned.action, planned.trouble]
}

test('an offset is set, unless the group stands there', () => {
  assert.deepEqual(plan({}), ['set', undefined])
  assert.deepEqual(plan({ committed: 30 }), ['set', undefined])
  assert.deepEqual(plan({ committed: 50, standsThere: true }), ['there', undefined])
  assert.deepEqual(plan({ committed: 51, standsThere: true }), ['there', undefined])
})

test('one that is further on the target is told', () => {
  assert.deepEqual(plan({ committed: 51 }), ['set', 'newer on the target'])
})

test('what is not known, or not there, or past the end, is left out', () => {
  assert.deepEqual(plan({ translation: null }), ['leave', 'untranslated'])
  assert.deepEqual(plan({ targetEnd: null }), ['leave', 'no partition'])
  assert.deepEqual(plan({ targetEnd: 49 }), ['leave', 'past the end'])
  assert.deepEqual(plan({ targetEnd: 50 }), ['set', undefined])
})

test('where a flow copies on, what it has not copied is waited for', () => {
  const ahead = { offset: 120, translation: { offset: 100, exactness: 'low' } } as const
  assert.deepEqual(plan(ahead, true), ['wait', undefined])
  assert.deepEqual(plan(ahead), ['set', undefined])
  assert.deepEqual(plan({ copiedEnd: 0, targetEnd: null, translation: null }, true), ['wait', undefined])
  assert.deepEqual(plan({ offset: 120, translation: { offset: 120, exactness: 'exact' }, targetEnd: 120 }, true), [
    'set',
    undefined,
  ])
  assert.deepEqual(plan({ copiedEnd: null, translation: null }, true), ['leave', 'untranslated'])
})

test('a group waits as a whole', () => {
  const waits = position({ topic: 'new', copiedEnd: 0, targetEnd: null, translation: null })
  const { positions } = planGroup(group('g', [position(), waits, position({ committed: 50, standsThere: true })]), true)
  assert.deepEqual(
    positions.map(({ action }) => action),
    ['wait', 'wait', 'there'],
  )
})
