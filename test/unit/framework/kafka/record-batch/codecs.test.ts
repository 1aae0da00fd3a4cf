import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { xxh32Short } from '../../../../../framework/kafka/record-batch/codecs/xxh32.ts'
import { type Codec, compress, decompress } from '../../../../../framework/kafka/record-batch/index.ts'
import { randomBytes, seeded } from './random-records.ts'

const CODECS: readonly Codec[] = ['gzip', 'snappy', 'lz4', 'zstd']
const words = Buffer.from('Words that repeat. '.repeat(30_000))

for (const codec of CODECS) {
  test(`${codec}: content of every size comes back`, () => {
    const random = seeded(40)
    for (const size of [0, 1, 100, 32_768, 65_536, 65_537, 300_000, 5_000_000]) {
      const noise = randomBytes(random, size)
      assert.deepEqual(decompress(codec, compress(codec, noise)), noise)
    }
    assert.deepEqual(decompress(codec, compress(codec, words)), words)
    assert.ok(compress(codec, words).length < words.length / 10)
  })

  test(`${codec}: more content than the limit is refused`, () => {
    const bomb = compress(codec, Buffer.alloc(20_000_000))
    assert.throws(() => decompress(codec, bomb, 10_000_000), { code: 'BATCH_CORRUPT', kind: 'partition' })
    assert.equal(decompress(codec, bomb, 20_000_000).length, 20_000_000)
  })

  test(`${codec}: garbage and torn data are refused`, () => {
    const random = seeded(41)
    const good = compress(codec, words)
    for (let round = 0; round < 50; round++) {
      assert.throws(() => decompress(codec, randomBytes(random, 1 + random() * 200)), { code: 'BATCH_CORRUPT' })
    }
    assert.throws(() => decompress(codec, good.subarray(0, good.length - 9)), { code: 'BATCH_CORRUPT' })
  })
}

test('raw snappy without the stream header, as Go clients write it', () => {
  assert.deepEqual(decompress('snappy', compressSync(words)), words)
})

test('gzip of several members', () => {
  assert.deepEqual(decompress('gzip', Buffer.concat([gzipSync('one '), gzipSync('two')])).toString(), 'one two')
})

test('lz4 frames with checksums of content and blocks, as Go and C clients write them', () => {
  const noise = randomBytes(seeded(42), 200_000)
  for (const content of [words, noise]) {
    for (const contentChecksum of [true, false]) {
      for (const blockChecksums of [true, false]) {
        assert.deepEqual(decompress('lz4', compressFrameSync(content, { contentChecksum, blockChecksums })), content)
      }
    }
  }
})

test('lz4 frames of linked blocks, as Python clients write them', () => {
  const frame = Buffer.from(
    'BCJNGExAWA8CAAAAAACdJgEAAP8MbGlua2VkIGJsb2NrcyBvZiBvbmUgZnJhbWUgGwD/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////zVBua2VkIAoBAAAP+f//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////6FBvY2tzIBkAAAAPGwD///////////////////9PUHJhbWUgAAAAAPJCSHM=',
    'base64',
  )
  assert.equal(decompress('lz4', frame).toString(), 'linked blocks of one frame '.repeat(5000))
  assert.throws(() => decompress('lz4', frame, 50_000), { code: 'BATCH_CORRUPT' })
})

test('xxh32 of short texts', () => {
  assert.equal(xxh32Short(Buffer.alloc(0)), 0x02cc5d05)
  assert.equal(xxh32Short(Buffer.from('a')), 0x550d7456)
  assert.equal(xxh32Short(Buffer.from('abc')), 0x32d153ff)
  assert.equal((xxh32Short(Buffer.from([0x60, 0x40])) >>> 8) & 0xff, 0x82)
})
