import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RunSegment, UNKNOWN } from '../../../../../connectors/mirror/offset-map/run-segment.ts'
import {
  decodeSegment,
  decodeSegmentKey,
  encodeSegment,
  encodeSegmentKey,
} from '../../../../../connectors/mirror/offset-map/segment-format.ts'
import { StoredMap } from '../../../../../connectors/mirror/offset-map/stored-map.ts'

const TOPIC_ID = '00112233445566778899aabbccddeeff'
const record = (key: Buffer | null, value: Buffer | null): Parameters<typeof decodeSegmentKey>[0] => ({
  key,
  value,
  partition: 0,
  offset: 7,
})

function segmentOf(number: number, entries: readonly (readonly [number, number, number])[]): RunSegment {
  const runs = new RunSegment(number)
  for (const entry of entries) runs.push(...entry)
  return runs
}

const entriesOf = (runs: RunSegment): [number, number, number][] =>
  Array.from({ length: runs.count }, (_, i) => [runs.start(i), runs.length(i), runs.target(i)])

test('a key is topic, partition and segment', () => {
  const key = encodeSegmentKey({ topic: 'topic-1', partition: 2, segment: 3 })
  assert.equal(key.toString('hex'), '0007746f7069632d310000000200000003')
  assert.deepEqual(decodeSegmentKey(record(key, null)), { topic: 'topic-1', partition: 2, segment: 3 })
})

test('a value is its version, the topic id, and varints of differences', () => {
  const entries = [
    [10, 5, 100],
    [16, 3, 105],
    [40, 0, UNKNOWN],
    [60, 2, 130],
  ] as const
  const value = encodeSegment({ runs: segmentOf(3, entries), topicId: TOPIC_ID, coveredEnd: 70 })
  const covered = '8c01'
  const numbers = [covered, '08', '140a', 'c801', '020600', '2a01', '280', '42c'].join('')
  assert.equal(value.toString('hex'), `0000${TOPIC_ID}${numbers}`)
  const stored = decodeSegment(3, record(Buffer.alloc(0), value))
  assert.deepEqual([stored.topicId, stored.coveredEnd, stored.runs.number], [TOPIC_ID, 70, 3])
  assert.deepEqual(entriesOf(stored.runs), entries)
})

test('large offsets survive', () => {
  const entries: [number, number, number][] = [[2 ** 52 + 1, 2 ** 40, 2 ** 51 + 3]]
  const value = encodeSegment({ runs: segmentOf(0, entries), topicId: null, coveredEnd: 2 ** 53 - 1 })
  const stored = decodeSegment(0, record(null, value))
  assert.deepEqual([entriesOf(stored.runs), stored.topicId, stored.coveredEnd], [entries, null, 2 ** 53 - 1])
})

test('whatever else lies in the topic is refused with its place', () => {
  const value = encodeSegment({ runs: segmentOf(0, [[5, 5, 5]]), topicId: null, coveredEnd: 10 })
  const malformed = { code: 'OFFSET_MAP_MALFORMED', message: /offset 7/ }
  for (let length = 0; length < value.length; length++) {
    assert.throws(() => decodeSegment(0, record(null, value.subarray(0, length))), malformed, `${length} bytes`)
  }
  const newer = Buffer.from(value)
  newer.writeInt16BE(1, 0)
  assert.throws(() => decodeSegment(0, record(null, newer)), malformed)
  assert.throws(() => decodeSegmentKey(record(null, value)), malformed)
  assert.throws(() => decodeSegmentKey(record(Buffer.from([0, 9, 1]), value)), malformed)
})

test('segments that contradict those before them, or are of an older topic, do not count', () => {
  const map = new StoredMap()
  const put = (number: number, entries: readonly (readonly [number, number, number])[], topicId: string): void => {
    const key = encodeSegmentKey({ topic: 't', partition: 0, segment: number })
    map.put(record(key, encodeSegment({ runs: segmentOf(number, entries), topicId, coveredEnd: 0 })))
  }
  put(0, [[0, 10, 0]], TOPIC_ID)
  put(1, [[10, 10, 20]], TOPIC_ID)
  put(2, [[15, 10, 30]], TOPIC_ID)
  assert.deepEqual(map.runsOf('t', 0)?.stale, [2])
  assert.equal(map.runsOf('t', 0)?.runs.coveredEnd, 20)
  put(2, [[0, 10, 40]], 'ff'.repeat(16))
  const renewed = map.runsOf('t', 0)
  assert.deepEqual([renewed?.stale, renewed?.runs.topicId], [[0, 1], 'ff'.repeat(16)])
  map.put(record(encodeSegmentKey({ topic: 't', partition: 0, segment: 2 }), null))
  assert.deepEqual(map.runsOf('t', 0)?.stale, [])
  assert.equal(map.runsOf('other', 0), null)
})
