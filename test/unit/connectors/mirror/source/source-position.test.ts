import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  parseTopicPartition,
  positionOf,
  sourceOffset,
  sourcePartition,
} from '../../../../../connectors/mirror/source/source-position.ts'

test('a source partition has its fields in the order in which MirrorMaker 2 stores them: keys are compared as bytes', () => {
  assert.equal(JSON.stringify(sourcePartition('A', 'topic-1', 2)), '{"cluster":"A","partition":2,"topic":"topic-1"}')
})

test('an offset that MirrorMaker 2 stored is a position, though nothing is known of the topic it is from', () => {
  assert.deepEqual(positionOf({ offset: 4 }), { offset: 4, topicId: null, leaderEpoch: -1 })
  assert.deepEqual(positionOf({ offset: 0 }), { offset: 0, topicId: null, leaderEpoch: -1 })
})

test('a position survives being stored, one before the first record too', () => {
  for (const offset of [-1, 0, 4, Number.MAX_SAFE_INTEGER]) {
    const position = { offset, topicId: '0'.repeat(32), leaderEpoch: 3 }
    assert.deepEqual(positionOf(sourceOffset(position)), position)
  }
})

test('what was reset, or is no offset, is no position: copying begins as auto.offset.reset says', () => {
  for (const offset of [-1, '4', 3.5, null, Number.NaN, 2 ** 53]) assert.equal(positionOf({ offset }), null, `${offset}`)
  for (const stored of [null, {}]) assert.equal(positionOf(stored), null)
})

test('hyphens belong to the topic, up to the last one', () => {
  assert.deepEqual(parseTopicPartition('topic-1-2'), { topic: 'topic-1', partition: 2 })
})
