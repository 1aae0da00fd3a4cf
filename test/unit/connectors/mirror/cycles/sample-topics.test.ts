import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CopyingFlow } from '../../../../../connectors/mirror/cycles/copying-flow.ts'
import { sampleTopics } from '../../../../../connectors/mirror/cycles/sample-topics.ts'
import { DefaultReplicationPolicy, IdentityReplicationPolicy } from '../../../../../policies/index.ts'

/** Names kept from B to A only. */
function flow(source: string, target: string, topics: string, ownFilter?: string): CopyingFlow {
  return {
    name: `${source}->${target}`,
    source,
    target,
    properties: { topics },
    nameInFile: key => key,
    policy: source === 'B' ? new IdentityReplicationPolicy({ sourceClusterAlias: 'B' }) : new DefaultReplicationPolicy(),
    ...(ownFilter === undefined ? {} : { ownFilter }),
  }
}

/** Of `A->B` and `B->A`. */
function samples(there: string, back: string, ownFilter?: string): readonly string[] {
  return [...sampleTopics([flow('A', 'B', there), flow('B', 'A', back, ownFilter)])].sort()
}

describe('the topics that are followed', () => {
  test('are those that the file names, and orders', () => {
    assert.deepEqual(samples('x, pay\\.ments', 'y'), ['heartbeats', 'ments', 'orders', 'pay.ments', 'x', 'y'])
  })

  test('are an example of each flow’s patterns and of what two in a row have in common', () => {
    assert.deepEqual(samples('eu-.*', '.*-log'), ['-log', 'eu-', 'eu-log', 'heartbeats', 'orders'])
  })

  test('are what a name was before a policy made it', () => {
    assert.deepEqual(samples('eu-[a-z]+', 'A\\.eu-[0-9]+'), ['A.eu-0', 'eu-0', 'eu-a', 'heartbeats', 'orders'])
  })

  test('are no heartbeats and nothing internal that patterns choose by the way', () => {
    assert.deepEqual(samples('.*heartbeats_?', 'a-internal_?'), ['a-internal_', 'heartbeats', 'heartbeats_', 'orders'])
  })

  test('are orders where a filter of one’s own chooses', () => {
    assert.deepEqual(samples('.*', 'unused', 'Own'), ['heartbeats', 'orders'])
  })
})
