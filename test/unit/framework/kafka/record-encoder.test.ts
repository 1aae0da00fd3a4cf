import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConnectError, type SourceRecord } from '../../../../framework/api/index.ts'
import type { Cluster } from '../../../../framework/kafka/cluster.ts'
import { RecordEncoder } from '../../../../framework/kafka/record-encoder.ts'

const PARTITIONS: Readonly<Record<string, number>> = { one: 1, three: 3 }

/** Knows the topics above. */
const cluster = {
  topic: (name: string) => {
    const length = PARTITIONS[name]
    return length === undefined ? undefined : { name, topicId: '', isInternal: false, partitions: Array.from({ length }) }
  },
} as unknown as Cluster

const record = (fields: Partial<SourceRecord> = {}): SourceRecord => ({
  topic: 'three',
  key: null,
  value: Buffer.from('v'),
  headers: [],
  timestamp: 1,
  ...fields,
})

const placesOf = (records: readonly SourceRecord[], encoder = new RecordEncoder(cluster)): string[] =>
  encoder.encode(records).map(({ topic, partition, count }) => `${topic}-${partition}: ${count}`)

describe('records into batches', () => {
  test('a partition that is named wins; a key decides otherwise; the rest goes together, each time to the next partition', () => {
    const encoder = new RecordEncoder(cluster)
    const key = Buffer.from('user-1')
    const keyed = encoder.encode([record({ key })])[0]!.partition
    assert.deepEqual(placesOf([record({ key, partition: (keyed + 1) % 3 })]), [`three-${(keyed + 1) % 3}: 1`])
    assert.deepEqual(placesOf([record(), record()], encoder), ['three-1: 2'])
    assert.deepEqual(placesOf([record(), record()], encoder), ['three-2: 2'])
    assert.deepEqual(placesOf([record(), record({ topic: 'one' })], encoder), ['three-0: 1', 'one-0: 1'])
  })

  test('what is decoded is what was given, in order', () => {
    const headers = [
      { key: 'a', value: Buffer.from('1') },
      { key: 'a', value: null },
    ]
    const given = [record({ topic: 'one', headers }), record({ topic: 'one', key: Buffer.alloc(0), value: null, timestamp: 0 })]
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const [batch] = new RecordEncoder(cluster, codec).encode(given)
      assert.deepEqual(
        batch!.records(),
        given.map(each => ({ ...each, partition: 0 })),
      )
    }
  })

  test('a topic that nobody has described takes records that name their partition, and no others', () => {
    assert.deepEqual(placesOf([record({ topic: 'new', partition: 7 })]), ['new-7: 1'])
    assert.throws(() => placesOf([record({ topic: 'new', partition: 7 }), record({ topic: 'new' })]), { code: 'TOPIC_UNKNOWN' })
  })

  test('a record without a time gets the present one', () => {
    const before = Date.now()
    const [batch] = new RecordEncoder(cluster).encode([record({ topic: 'one', timestamp: -1 })])
    const { timestamp } = batch!.records()[0]!
    assert.ok(timestamp >= before && timestamp <= Date.now())
  })

  test('batches stay below what brokers take; a larger record goes alone', () => {
    const value = (kb: number): SourceRecord => record({ topic: 'one', value: Buffer.alloc(kb * 1000) })
    assert.deepEqual(placesOf([value(400), value(400), value(400), value(2000), value(1), value(1)]), [
      'one-0: 2',
      'one-0: 1',
      'one-0: 1',
      'one-0: 2',
    ])
  })

  test('an unknown topic or partition is refused by name', () => {
    const encoder = new RecordEncoder(cluster)
    for (const [wrong, message] of [
      [record({ topic: 'other' }), /topic other is not known here/],
      [record({ partition: 3 }), /topic three has 3 partitions, so partition 3/],
    ] as const) {
      assert.throws(
        () => encoder.encode([wrong]),
        (error: unknown) => error instanceof ConnectError && error.code === 'TOPIC_UNKNOWN' && message.test(error.message),
      )
    }
  })
})
