import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkpointBatch, inBatches } from '../../../../../connectors/mirror/checkpoint/checkpoint-batch.ts'
import { TrackedGroup, type TrackedPartition } from '../../../../../connectors/mirror/checkpoint/tracked-group.ts'
import { checkpointFormat } from '../../../../../connectors/mirror/formats/index.ts'
import { decodeBatch, RecordBatch } from '../../../../../framework/kafka/record-batch/index.ts'

const TOPIC = 'A.checkpoints.internal'

function trackedIn(group: string, topics: readonly string[], metadata = ''): readonly TrackedPartition[] {
  const tracked = new TrackedGroup(group, {
    acceptsTopic: () => true,
    remoteName: topic => `A.${topic}`,
    checkpointOf: () => null,
  })
  tracked.committed(topics.map((topic, i) => ({ topic, partition: i, offset: 2 ** (8 * (i % 6)), metadata })))
  for (const partition of tracked.partitions) {
    partition.pending = { upstreamOffset: partition.offset, downstreamOffset: partition.offset + 1 }
  }
  return tracked.partitions
}

test('a batch of checkpoints holds what the format says, names of every alphabet included', () => {
  const checkpoints = [
    ...trackedIn('billing', ['orders', 'bills', 'x', 'y', 'z', 'o'.repeat(200)]),
    ...trackedIn('größe-данные-票', ['ключ'], 'métadonnées'),
  ]
  const { bytes, count, topic, partition } = checkpointBatch(TOPIC, checkpoints, 1_700_000_000_000)
  assert.deepEqual([topic, partition, count], [TOPIC, 0, 7])
  const decoded = decodeBatch(new RecordBatch(bytes), { verifyCrc: true })
  assert.deepEqual(
    decoded.map(({ key, value, headers, timestamp }) => ({ key, value, headers, timestamp })),
    checkpoints.map(({ group, remoteTopic, partition, pending, metadata }) => ({
      ...checkpointFormat.encode({ group: group.name, topic: remoteTopic, partition, ...pending!, metadata }),
      headers: [],
      timestamp: 1_700_000_000_000,
    })),
  )
})

test('no batch exceeds what a broker takes, and none is lost between two', () => {
  const names = Array.from({ length: 40 }, (_, i) => `topic-${i}`)
  const checkpoints = Array.from({ length: 500 }, (_, i) => trackedIn(`группа-${i}`, names, '票'.repeat(40))).flat()
  const batches = [...inBatches(checkpoints)]
  assert.ok(batches.length > 1)
  assert.deepEqual(batches.flat(), checkpoints)
  for (const batch of batches) assert.ok(checkpointBatch(TOPIC, batch, 0).bytes.length <= 1_048_588)
  assert.deepEqual([...inBatches([])], [])
})
