import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sizeOfInt, sizeOfLong, VarintReader, writeInt, writeLong } from '../../../../../framework/kafka/record-batch/varint.ts'

const bytes = Buffer.alloc(16)

test('ints of every size come back, in the bytes Protocol Buffers gives them', () => {
  for (const value of [0, -1, 1, 63, -64, 64, -65, 8191, 8192, -8193, 2 ** 27, -(2 ** 27) - 1, 2 ** 31 - 1, -(2 ** 31)]) {
    const end = writeInt(bytes, value, 1)
    const reader = new VarintReader(bytes, 1)
    assert.equal(reader.int(), value)
    assert.deepEqual([reader.at, end], [1 + sizeOfInt(value), 1 + sizeOfInt(value)])
  }
  assert.equal(bytes.subarray(0, writeInt(bytes, 300, 0)).toString('hex'), 'd804')
})

test('longs of every size come back', () => {
  for (let power = 0; power < 63; power++) {
    for (const near of [-1, 0, 1]) {
      for (const sign of [-1, 1]) {
        const value = sign * (2 ** power + near) + 0
        const end = writeLong(bytes, value, 3)
        const reader = new VarintReader(bytes, 3)
        assert.equal(reader.long(), value)
        assert.deepEqual([reader.at, end], [3 + sizeOfLong(value), 3 + sizeOfLong(value)], `size of ${value}`)
      }
    }
  }
})

test('a varint without an end is refused', () => {
  const endless = Buffer.alloc(20, 0xff)
  assert.throws(() => new VarintReader(endless).int(), { code: 'BATCH_CORRUPT' })
  assert.throws(() => new VarintReader(endless).long(), { code: 'BATCH_CORRUPT' })
})
