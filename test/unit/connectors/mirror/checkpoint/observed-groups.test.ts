import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observedGroups } from '../../../../../connectors/mirror/checkpoint/observed-groups.ts'
import { TrackedGroup } from '../../../../../connectors/mirror/checkpoint/tracked-group.ts'

function groupWith(checkpoints: Readonly<Record<number, readonly [number, number]>>): TrackedGroup {
  const group = new TrackedGroup('billing', {
    acceptsTopic: () => true,
    remoteName: topic => `A.${topic}`,
    checkpointOf: (_, partition) => {
      const [upstreamOffset, downstreamOffset] = checkpoints[partition] ?? []
      return upstreamOffset === undefined || downstreamOffset === undefined ? null : { upstreamOffset, downstreamOffset }
    },
  })
  group.committed([0, 1, 2].map(partition => ({ topic: 'orders', partition, offset: 100 + partition, metadata: '' })))
  return group
}

test('a group shows what it has committed, where it would go on, and how exactly that is known', () => {
  const group = groupWith({ 0: [100, 40], 1: [90, 30] })
  group.partitions[0]!.isSettled = true
  const [shown] = [...observedGroups([group])]
  assert.deepEqual(
    [...shown!.offsets()].map(({ topic, partition, sourceOffset, targetOffset, exactness }) => [
      `${topic}-${partition}`,
      sourceOffset,
      targetOffset,
      exactness,
    ]),
    [
      ['A.orders-0', 100, 40, 'exact'],
      ['A.orders-1', 101, 30, 'low'],
      ['A.orders-2', 102, -1, null],
    ],
  )
  assert.deepEqual(shown!.counts(), { exact: 1, low: 1, none: 1 })
})

test('why a group could not be set comes before that the target is ahead of it', () => {
  const group = groupWith({})
  assert.equal([...observedGroups([group])][0]?.cause, undefined)
  group.ahead = 'it was rewound'
  assert.equal([...observedGroups([group])][0]?.cause, 'it was rewound')
  group.refusal = 'no right'
  assert.equal([...observedGroups([group])][0]?.cause, 'no right')
})
