import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolReader, ProtocolWriter } from '../../../../../framework/kafka/protocol/codec.ts'

test('every primitive is written whole where the buffer grows under it', () => {
  const write: readonly ((writer: ProtocolWriter) => void)[] = [
    w => w.int8(1),
    w => w.int16(2),
    w => w.int32(3),
    w => w.int64(4),
    w => w.unsignedVarint(5),
    w => w.unsignedVarint(300),
    w => w.raw(Buffer.from('6')),
  ]
  const read: readonly ((reader: ProtocolReader) => unknown)[] = [
    r => r.int8(),
    r => r.int16(),
    r => r.int32(),
    r => r.int64(),
    r => r.unsignedVarint(),
    r => r.unsignedVarint(),
    r => r.raw(1).toString(),
  ]
  const values = [1, 2, 3, 4, 5, 300, '6']
  for (let i = 0; i < write.length; i++) {
    for (let before = 500; before <= 520; before++) {
      const writer = new ProtocolWriter()
      writer.raw(Buffer.alloc(before))
      write[i]!(writer)
      const reader = new ProtocolReader(Buffer.from(writer.bytes), before)
      assert.equal(read[i]!(reader), values[i], `value ${values[i]} after ${before} bytes`)
    }
  }
})
