import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, nearest } from '../../../../framework/config/nearest.ts'

const known = ['topics', 'topics.exclude', 'tasks.max', 'replication.factor', 'groups']

test('finds what was most likely meant', () => {
  assert.equal(nearest('topcis', known), 'topics')
  assert.equal(nearest('topics.exlude', known), 'topics.exclude')
  assert.equal(nearest('task.max', known), 'tasks.max')
  assert.equal(nearest('Replication.Factor', known), 'replication.factor')
})

test('stays silent where nothing is near', () => {
  assert.equal(nearest('C', ['A', 'B']), undefined)
  assert.equal(nearest('completely.different', known), undefined)
  assert.equal(didYouMean('xyz', known), '')
  assert.equal(didYouMean('group', known), '; did you mean groups?')
})
