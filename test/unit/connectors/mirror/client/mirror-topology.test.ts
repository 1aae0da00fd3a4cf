import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { countHops, MirrorTopology } from '../../../../../connectors/mirror/client/index.ts'
import { DefaultReplicationPolicy, IdentityReplicationPolicy, type ReplicationPolicy } from '../../../../../policies/index.ts'

const byDefault = new DefaultReplicationPolicy()
const identity = (sourceClusterAlias: string): ReplicationPolicy => new IdentityReplicationPolicy({ sourceClusterAlias })

const BEATING = ['topic1', 'topic2', 'heartbeats', 'source1.heartbeats', 'source1.source2.heartbeats']
const FAR = [...BEATING, 'source3.source4.source5.heartbeats']

describe("what Java's MirrorClient tells of the same topics", () => {
  test('heartbeats topics', () => {
    const yes = ['heartbeats', 'source1.heartbeats', 'source2.source1.heartbeats', 'source3.heartbeats']
    const no = ['topic1', 'topic2', 'heartbeats!', '!heartbeats', 'source1heartbeats', 'source1-heartbeats']
    assert.deepEqual(new MirrorTopology(byDefault, [...no, ...yes]).heartbeatTopics(), yes)
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
    assert.deepEqual(new MirrorTopology(byDefault, [...no, ...yes]).checkpointTopics(), yes)
  })

  test('hops of a topic', () => {
    const vectors: readonly (readonly [topic: string, alias: string, hops: number])[] = [
      ['topic', 'source', -1],
      ['source', 'source', -1],
      ['sourcetopic', 'source', -1],
      ['source1.topic', 'source2', -1],
      ['source1.topic', 'source1', 1],
      ['source2.source1.topic', 'source2', 1],
      ['source2.source1.topic', 'source1', 2],
      ['source3.source2.source1.topic', 'source1', 3],
      ['source3.source2.source1.topic', 'source4', -1],
    ]
    for (const [topic, alias, hops] of vectors) assert.equal(countHops(byDefault, topic, alias), hops, `${topic} ${alias}`)
  })

  test('hops between clusters, on the shortest way', () => {
    const topology = new MirrorTopology(byDefault, [...BEATING, 'source3.heartbeats'])
    const hops = ['source1', 'source2', 'source3', 'source4'].map(alias => topology.replicationHops(alias))
    assert.deepEqual(hops, [1, 2, 1, -1])
    assert.equal(new MirrorTopology(byDefault, [...BEATING, 'source2.heartbeats']).replicationHops('source2'), 1)
    assert.equal(new MirrorTopology(byDefault, []).replicationHops('source1'), -1)
  })

  test('upstream clusters', () => {
    const all = ['source1', 'source2', 'source3', 'source4', 'source5']
    for (const policy of [byDefault, identity('source')])
      assert.deepEqual(new MirrorTopology(policy, FAR).upstreamClusters().toSorted(), all)
  })

  test('a name that goes in circles ends where an alias comes again', () => {
    const topology = new MirrorTopology(byDefault, ['source1.source2.source1.heartbeats'])
    assert.deepEqual(topology.upstreamClusters(), ['source1', 'source2'])
    assert.equal(countHops(byDefault, 'source1.source2.source1.source3.topic', 'source3'), -1)
  })

  test('remote topics', () => {
    const remote = ['source1.topic4', 'source1.source2.topic5', 'source3.source4.source5.topic6']
    const topology = new MirrorTopology(byDefault, ['topic1', 'topic2', 'topic3', ...remote, 'source1.checkpoints.internal'])
    assert.deepEqual(topology.remoteTopics(), remote)
    assert.deepEqual(topology.remoteTopics('source1'), ['source1.topic4', 'source1.source2.topic5'])
    assert.deepEqual(topology.remoteTopics('source2'), [])
  })

  test('remote topics under another separator', () => {
    const policy = new DefaultReplicationPolicy()
    policy.configure({ 'replication.policy.separator': '__' })
    const remote = ['source1__topic4', 'source1__source2__topic5', 'source3__source4__source5__topic6']
    assert.deepEqual(new MirrorTopology(policy, ['topic1', 'topic2', 'topic3', ...remote]).remoteTopics(), remote)
  })

  test('with names kept, all that is not of the mirror is remote', () => {
    const topics = ['topic1', 'topic2', 'topic3', 'backup.heartbeats']
    assert.deepEqual(new MirrorTopology(identity('primary'), ['heartbeats', ...topics]).remoteTopics(), topics)
    assert.deepEqual(new MirrorTopology(identity('primary'), topics).remoteTopics('backup'), ['backup.heartbeats'])
    const policy = identity('primary')
    assert.deepEqual([policy.formatRemoteTopic('primary', 'topic1'), policy.topicSource('topic1')], ['topic1', 'primary'])
    assert.deepEqual(
      [policy.formatRemoteTopic('backup', 'heartbeats'), policy.topicSource('backup.heartbeats')],
      ['backup.heartbeats', 'backup'],
    )
  })
})
