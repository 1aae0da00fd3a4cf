import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  checkpointFormat,
  checkpointText,
  heartbeatFormat,
  heartbeatText,
  offsetSyncFormat,
  offsetSyncText,
  type StoredRecord,
} from '../../../../../connectors/mirror/formats/index.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const stored = (key: Uint8Array | null, value: Uint8Array | null): StoredRecord => ({ key, value, partition: 0, offset: 7 })

describe('records are byte for byte those of MirrorMaker 2', () => {
  test('offset sync', () => {
    const sync = { topic: 'topic-1', partition: 2, upstreamOffset: 3, downstreamOffset: 4 }
    const key = hex('00 07 74 6f 70 69 63 2d 31 00 00 00 02')
    const value = hex('00 00 00 00 00 00 00 03 00 00 00 00 00 00 00 04')
    assert.deepEqual(offsetSyncFormat.encode(sync), { key, value })
    assert.deepEqual(offsetSyncFormat.decode('t', stored(key, value)), sync)
    assert.equal(offsetSyncText(sync), 'OffsetSync{topicPartition=topic-1-2, upstreamOffset=3, downstreamOffset=4}')
  })

  test('an offset sync may name a session behind what Java reads', () => {
    const sync = { topic: 't', partition: 0, upstreamOffset: 1, downstreamOffset: 2, session: 2 ** 47 + 5 }
    const { key, value } = offsetSyncFormat.encode(sync)
    assert.equal(value.length, 24)
    assert.deepEqual(offsetSyncFormat.decode('t', stored(key, value)), sync)
  })

  test('checkpoint', () => {
    const offsets = { upstreamOffset: 4, downstreamOffset: 5 }
    const checkpoint = { group: 'group-1', topic: 'topic-2', partition: 3, ...offsets, metadata: 'metadata-6' }
    const key = hex('00 07 67 72 6f 75 70 2d 31 00 07 74 6f 70 69 63 2d 32 00 00 00 03')
    const value = hex('00 00 00 00 00 00 00 00 00 04 00 00 00 00 00 00 00 05 00 0a 6d 65 74 61 64 61 74 61 2d 36')
    assert.deepEqual(checkpointFormat.encode(checkpoint), { key, value })
    assert.deepEqual(checkpointFormat.decode('t', stored(key, value)), checkpoint)
    const text =
      'Checkpoint{consumerGroupId=group-1, topicPartition=topic-2-3, upstreamOffset=4, downstreamOffset=5, metadata=metadata-6}'
    assert.equal(checkpointText(checkpoint), text)
  })

  test('heartbeat', () => {
    const heartbeat = { sourceClusterAlias: 'source-1', targetClusterAlias: 'target-2', timestamp: 1234567890 }
    const key = hex('00 08 73 6f 75 72 63 65 2d 31 00 08 74 61 72 67 65 74 2d 32')
    const value = hex('00 00 00 00 00 00 49 96 02 d2')
    assert.deepEqual(heartbeatFormat.encode(heartbeat), { key, value })
    assert.deepEqual(heartbeatFormat.decode('t', stored(key, value)), heartbeat)
    const text = 'Heartbeat{sourceClusterAlias=source-1, targetClusterAlias=target-2, timestamp=1234567890}'
    assert.equal(heartbeatText(heartbeat), text)
  })
})

test('large and negative offsets, names beyond ASCII and empty metadata survive', () => {
  const checkpoint = {
    group: 'gruppe-ü-漢',
    topic: 'A.t',
    partition: 2 ** 31 - 1,
    upstreamOffset: Number.MAX_SAFE_INTEGER,
    downstreamOffset: -1,
    metadata: '',
  }
  const { key, value } = checkpointFormat.encode(checkpoint)
  assert.deepEqual(checkpointFormat.decode('t', stored(new Uint8Array(key), new Uint8Array(value))), checkpoint)
})

test('a tombstone is no value, and its key can be read', () => {
  const key = checkpointFormat.encodeKey({ group: 'g', topic: 't', partition: 1 })
  assert.equal(checkpointFormat.decode('A.checkpoints.internal', stored(key, null)), null)
  assert.deepEqual(checkpointFormat.decodeKey('A.checkpoints.internal', stored(key, null)), {
    group: 'g',
    topic: 't',
    partition: 1,
  })
})

test('bytes behind the last field and unknown versions are read as Java reads them', () => {
  const { key, value } = heartbeatFormat.encode({ sourceClusterAlias: 'A', targetClusterAlias: 'B', timestamp: 9 })
  const later = Buffer.concat([value, Buffer.from('more')])
  later.writeInt16BE(3, 0)
  const record = stored(Buffer.concat([key, Buffer.from('more')]), later)
  assert.deepEqual(heartbeatFormat.decode('heartbeats', record), {
    sourceClusterAlias: 'A',
    targetClusterAlias: 'B',
    timestamp: 9,
  })
})

describe('what is no such record is refused with its place', () => {
  const { key, value } = offsetSyncFormat.encode({ topic: 't', partition: 0, upstreamOffset: 1, downstreamOffset: 2 })
  const cases: readonly (readonly [string, StoredRecord])[] = [
    ['no key', stored(null, value)],
    ['an empty key', stored(Buffer.alloc(0), value)],
    ['a key cut off', stored(key.subarray(0, key.length - 1), value)],
    ['an empty value', stored(key, Buffer.alloc(0))],
    ['a value cut off', stored(key, value.subarray(0, 15))],
    ['a negative length', stored(hex('ff ff 00 00 00 00'), value)],
  ]
  for (const [what, record] of cases) {
    test(what, () => {
      assert.throws(() => offsetSyncFormat.decode('mm2-offset-syncs.B.internal', record), {
        name: 'ConnectError',
        code: 'MIRROR_RECORD_MALFORMED',
        kind: 'partition',
        stage: 'decode',
        message: /^mm2-offset-syncs\.B\.internal-0 at offset 7: no offset sync/,
      })
    })
  }
})
