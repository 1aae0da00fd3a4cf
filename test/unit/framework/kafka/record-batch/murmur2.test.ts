import assert from 'node:assert/strict'
import { test } from 'node:test'
import { murmur2, partitionOf } from '../../../../../framework/kafka/record-batch/index.ts'

const MURMUR_VECTORS: readonly (readonly [string, number])[] = [
  ['', 275646681],
  ['a', -1563381124],
  ['ab', 316155434],
  ['abc', 479470107],
  ['abcd', -1323649548],
  ['foobar', -790332482],
  ['ключ', 2122343024],
  ['0123456789abcdef0', 1856781438],
]

test('hashes as org.apache.kafka.common.utils.Utils.murmur2 does', () => {
  for (const [text, hash] of MURMUR_VECTORS) assert.equal(murmur2(Buffer.from(text)), hash, text)
})

test('Connect offset keys go to the partitions MirrorMaker 2 puts them in', () => {
  const keys = [
    '["MirrorSourceConnector",{"cluster":"A","partition":0,"topic":"foo"}]',
    '["MirrorCheckpointConnector",{"partition":0,"topic":"A.foo","group":"g1"}]',
    '["MirrorHeartbeatConnector",{"sourceClusterAlias":"A","targetClusterAlias":"B"}]',
  ]
  assert.deepEqual(
    keys.map(key => partitionOf(Buffer.from(key), 25)),
    [16, 18, 0],
  )
})
