import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PartitionEntry } from '../../../../../framework/runtime/index.ts'
import { shownPartitions } from '../../../../../framework/runtime/metrics/index.ts'

const partitions = Array.from({ length: 10 }, (_, partition) => ({
  partition,
  entry: new PartitionEntry({ topic: 't', partition }, () => undefined),
}))
for (const { entry } of partitions) entry.copying()
partitions[7]!.entry.retrying('no leader')
partitions[9]!.entry.gap(3, 'gone')

const shown = (choice: Parameters<typeof shownPartitions>[1]): readonly number[] =>
  shownPartitions(partitions, choice).map(({ partition }) => partition)

test('all partitions are shown as far as there is room, the troubled ones first', () => {
  assert.equal(shown({ shown: 'all', max: 10 }).length, 10)
  assert.deepEqual(shown({ shown: 'all', max: 4 }), [7, 9, 0, 1])
  assert.deepEqual(shown({ shown: 'all', max: 1 }), [7])
})

test('only the troubled ones are, or none', () => {
  assert.deepEqual(shown({ shown: 'troubled', max: 10 }), [7, 9])
  assert.deepEqual(shown({ shown: 'none', max: 10 }), [])
})
