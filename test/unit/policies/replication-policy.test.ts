import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DefaultReplicationPolicy,
  IdentityReplicationPolicy,
  policyAliases,
  type ReplicationPolicy,
} from '../../../policies/index.ts'

const isHeartbeats = (policy: ReplicationPolicy, topics: readonly string[]): readonly string[] =>
  topics.filter(t => policy.isHeartbeatsTopic(t))

describe('DefaultReplicationPolicy', () => {
  const policy = new DefaultReplicationPolicy()

  test('the source is what stands before the first separator, empty parts at the end aside', () => {
    const vectors: readonly (readonly [string, string | null])[] = [
      ['.b', ''],
      ['a.', null],
      ['a..', null],
      ['..b', ''],
      ['.', null],
      ['a.b.c', 'a'],
      ['a..b', 'a'],
      ['a', null],
      ['', null],
    ]
    for (const [topic, source] of vectors) assert.equal(policy.topicSource(topic), source, topic)
  })

  test('remote names are formed and taken apart', () => {
    assert.equal(policy.formatRemoteTopic('A', 'orders'), 'A.orders')
    assert.equal(policy.upstreamTopic('A.B.orders'), 'B.orders')
    assert.equal(policy.upstreamTopic('orders'), null)
    assert.equal(policy.originalTopic('A.B.orders'), 'orders')
    assert.equal(policy.originalTopic('orders'), 'orders')
  })

  test('heartbeats topics', () => {
    const yes = ['heartbeats', 'source1.heartbeats', 'source2.source1.heartbeats']
    const no = ['heartbeats!', '!heartbeats', 'source1heartbeats', 'source1-heartbeats', 'topic1']
    assert.deepEqual(isHeartbeats(policy, [...yes, ...no]), yes)
  })

  test('checkpoints topics', () => {
    const yes = ['source1.checkpoints.internal', 'source2.source1.checkpoints.internal', 'source3.checkpoints.internal']
    const no = [
      'checkpoints.internal',
      'checkpoints-internal',
      'checkpoints.internal!',
      '!checkpoints.internal',
      'source1checkpointsinternal',
    ]
    assert.deepEqual(
      [...yes, ...no].filter(t => policy.isCheckpointsTopic(t)),
      yes,
    )
  })

  test('remote topics', () => {
    const remote = ['source1.topic4', 'source1.source2.topic5', 'source3.source4.source5.topic6']
    assert.deepEqual(
      ['topic1', 'topic2', 'topic3', ...remote].filter(t => policy.topicSource(t) !== null),
      remote,
    )
  })

  test('another separator', () => {
    const other = new DefaultReplicationPolicy()
    other.configure({ 'replication.policy.separator': '__' })
    const remote = ['source1__topic4', 'source1__source2__topic5', 'source3__source4__source5__topic6']
    assert.deepEqual(
      ['topic1', 'source1.topic4', ...remote].filter(t => other.topicSource(t) !== null),
      remote,
    )
    assert.equal(other.formatRemoteTopic('b', 'topic1'), 'b__topic1')
    other.configure({})
    assert.equal(other.formatRemoteTopic('b', 'topic1'), 'b__topic1', 'absent keys change nothing')
  })

  test('internal topics', () => {
    const yes = ['__consumer_offsets', '.hiddentopic', 'mm2-offsets.CLUSTER.internal', 'mm2-offsets-CLUSTER-internal']
    assert.deepEqual(
      [...yes, 'mm2-offsets_CLUSTER_internal', 'orders'].filter(t => policy.isInternalTopic(t)),
      yes,
    )
  })

  test('names of internal topics follow the separator unless that is switched off; heartbeats never does', () => {
    const names = (enabled: string): readonly string[] => {
      const p = new DefaultReplicationPolicy()
      p.configure({ 'replication.policy.separator': '__', 'replication.policy.internal.topic.separator.enabled': enabled })
      return [p.offsetSyncsTopic('CLUSTER'), p.checkpointsTopic('CLUSTER'), p.heartbeatsTopic()]
    }
    assert.deepEqual(names('false'), ['mm2-offset-syncs.CLUSTER.internal', 'CLUSTER.checkpoints.internal', 'heartbeats'])
    assert.deepEqual(names('true'), ['mm2-offset-syncs__CLUSTER__internal', 'CLUSTER__checkpoints__internal', 'heartbeats'])
  })

  test('the switch for internal topics means nothing without a separator', () => {
    const p = new DefaultReplicationPolicy({ separator: '_' })
    p.configure({ 'replication.policy.internal.topic.separator.enabled': 'false' })
    assert.equal(p.checkpointsTopic('A'), 'A_checkpoints_internal')
    assert.ok(p.isCheckpointsTopic('A_checkpoints_internal'))
    assert.ok(p.isMM2InternalTopic('mm2-offsets_A_internal'))
  })
})

describe('IdentityReplicationPolicy', () => {
  const policy = new IdentityReplicationPolicy()
  policy.configure({ 'source.cluster.alias': 'primary' })

  test('names stay, all come from the source; heartbeats do not', () => {
    assert.equal(policy.formatRemoteTopic('primary', 'topic1'), 'topic1')
    assert.equal(policy.topicSource('topic1'), 'primary')
    assert.equal(policy.upstreamTopic('topic1'), 'topic1')
    assert.equal(policy.originalTopic('topic1'), 'topic1')
    assert.equal(policy.formatRemoteTopic('backup', 'heartbeats'), 'backup.heartbeats')
    assert.equal(policy.topicSource('backup.heartbeats'), 'backup')
    assert.equal(policy.topicSource('heartbeats'), null)
    assert.equal(policy.formatRemoteTopic('backup', 'my-heartbeats'), 'backup.my-heartbeats', 'as in Java')
  })

  test('without an alias nothing has a source', () => {
    assert.equal(new IdentityReplicationPolicy().topicSource('topic1'), null)
    assert.equal(new IdentityReplicationPolicy({ sourceClusterAlias: 'A' }).topicSource('topic1'), 'A')
  })
})

test('policies and filters are found by their Java names too', () => {
  assert.equal(policyAliases.get('org.apache.kafka.connect.mirror.IdentityReplicationPolicy'), IdentityReplicationPolicy)
  assert.equal(policyAliases.get('DefaultReplicationPolicy'), DefaultReplicationPolicy)
  assert.equal(policyAliases.size, 10)
})
