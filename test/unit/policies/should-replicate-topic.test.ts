import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DefaultReplicationPolicy,
  DefaultTopicFilter,
  IdentityReplicationPolicy,
  isCycle,
  type ReplicationPolicy,
  shouldReplicateTopic,
  type TopicFilter,
} from '../../../policies/index.ts'

const all: TopicFilter = { shouldReplicateTopic: () => true }
const none: TopicFilter = { shouldReplicateTopic: () => false }

function accepted(
  topics: readonly string[],
  filter: TopicFilter,
  heartbeats = true,
  policy: ReplicationPolicy = new DefaultReplicationPolicy(),
) {
  return topics.filter(t =>
    shouldReplicateTopic({ policy, filter, targetAlias: 'target', heartbeatsReplicationEnabled: heartbeats }, t),
  )
}

const heartbeats = ['heartbeats', 'us-west.heartbeats']

test('heartbeats are copied whatever the filter says', () => {
  assert.deepEqual(accepted(heartbeats, new DefaultTopicFilter()), heartbeats)
  assert.deepEqual(accepted(heartbeats, none), heartbeats)
  assert.deepEqual(accepted(heartbeats, none, true, new DefaultReplicationPolicy({ separator: '_' })), ['heartbeats'])
})

test('heartbeats are not copied where that is switched off, unless the filter wants them', () => {
  assert.deepEqual(accepted(heartbeats, new DefaultTopicFilter(), false), [])
  assert.deepEqual(accepted(heartbeats, all, false), heartbeats)
})

test('nothing goes back where it came from', () => {
  const cycles = [
    'target.topic1',
    'target.source.topic1',
    'source.target.topic1',
    'target.source.target.topic1',
    'source.target.source.topic1',
  ]
  assert.deepEqual(accepted([...cycles, 'topic1', 'source.topic1'], all), ['topic1', 'source.topic1'])
  for (const topic of cycles) assert.ok(isCycle(new DefaultReplicationPolicy(), topic, 'target'), topic)
})

test('with the identity policy only heartbeats are protected from going in circles', () => {
  const policy = new IdentityReplicationPolicy({ sourceClusterAlias: 'source' })
  const topics = [
    'target.topic1',
    'target.source.topic1',
    'source.target.topic1',
    'target.source.target.topic1',
    'source.target.source.topic1',
    'topic1',
    'source.topic1',
    'othersource.topic1',
  ]
  assert.deepEqual(accepted(topics, all, true, policy), topics)
  const beats = ['target.heartbeats', 'target.source.heartbeats', 'source.target.heartbeats', 'source.target.source.heartbeats']
  assert.deepEqual(accepted([...beats, 'heartbeats', 'othersource.heartbeats'], all, true, policy), [
    'heartbeats',
    'othersource.heartbeats',
  ])
})

test('a policy that tells a source but no name there ends the way back', () => {
  class Nameless extends DefaultReplicationPolicy {
    override upstreamTopic(): string | null {
      return null
    }
  }
  assert.equal(isCycle(new Nameless(), '.b', 'target'), false)
  assert.equal(isCycle(new Nameless(), 'target.b', 'target'), true)
})

test('internal topics are never copied', () => {
  assert.deepEqual(accepted(['__consumer_offsets', '.x', 'mm2-offsets.A.internal', 'a-internal', 'a'], all), ['a'])
})
