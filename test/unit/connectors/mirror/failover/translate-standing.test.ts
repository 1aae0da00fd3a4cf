import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAgainAtMost, standsThere, translateStanding } from '../../../../../connectors/mirror/failover/translate-standing.ts'
import { PartitionRuns, type Translation } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'

const standing = (offset: number, checkpointed?: number) => ({
  topic: 't',
  partition: 0,
  offset,
  metadata: '',
  ...(checkpointed === undefined ? {} : { checkpointed }),
})

const knowing = (translation: Translation | null) => ({
  translate: () => (translation === null ? null : { topic: 'A.t', ...translation }),
})

test('what is stored about the copies counts more than a checkpoint, where it is exact', () => {
  const exact = { offset: 40, exactness: 'exact' } as const
  assert.deepEqual(translateStanding(knowing(exact), standing(50, 45)), exact)
  const low = { offset: 40, exactness: 'low' } as const
  assert.deepEqual(translateStanding(knowing(low), standing(50, 45)), { offset: 45, exactness: 'low' })
  assert.deepEqual(translateStanding(knowing(low), standing(50, 30)), low)
  assert.deepEqual(translateStanding(knowing(null), standing(50, 45)), { offset: 45, exactness: 'low' })
})

test('a group that has read nothing goes on at the beginning; one of which nothing is known, nowhere', () => {
  assert.deepEqual(translateStanding(knowing(null), standing(0)), { offset: 0, exactness: 'exact' })
  assert.equal(translateStanding(knowing(null), standing(7)), null)
})

test('a group stands there when it has the translation, or an offset that leads back to where it stood', () => {
  const leadsTo = (offset: number, exactness: 'exact' | 'low' = 'exact', topic = 't') => ({
    translate: () => ({ topic, offset, exactness }),
  })
  const translated = { topic: 'A.t', offset: 40, exactness: 'exact' } as const
  assert.equal(standsThere(leadsTo(0), standing(50), translated, 40), true)
  assert.equal(standsThere(leadsTo(50), standing(50), translated, 41), true)
  assert.equal(standsThere(leadsTo(51), standing(50), translated, 41), false)
  assert.equal(standsThere(leadsTo(50, 'low'), standing(50), translated, 41), false)
  assert.equal(standsThere(leadsTo(50, 'exact', 'other'), standing(50), translated, 41), false)
  assert.equal(standsThere(leadsTo(50), standing(50), { ...translated, exactness: 'low' }, 41), false)
  assert.equal(standsThere(leadsTo(50), standing(50), translated, null), false)
  assert.equal(standsThere(leadsTo(50), standing(50), null, 41), false)
})

test('a low translation says how much is read again at most', () => {
  const map = new PartitionRuns()
  map.begin(0)
  map.append(0, 30, 0)
  const known = { there: { map: { runsOf: () => map }, syncs: null } }
  const nothing = { there: { map: null, syncs: null } }
  const low = { offset: 30, exactness: 'low' } as const
  assert.equal(readAgainAtMost(known, standing(50), { offset: 50, exactness: 'exact' }, 100), 0)
  assert.equal(readAgainAtMost(known, standing(50), low, 100), 20)
  assert.equal(readAgainAtMost(nothing, standing(50), low, 100), 70)
})
