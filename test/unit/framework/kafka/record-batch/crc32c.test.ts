import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32c, crc32cPatch } from '../../../../../framework/kafka/record-batch/index.ts'
import { randomBytes, seeded } from './random-records.ts'

test('crc32c of the check string of the catalogue of CRCs', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283)
})

test('a patched checksum equals the recomputed one, whatever changed and wherever', () => {
  const random = seeded(1)
  const pool = randomBytes(random, 6_000_000)
  for (let round = 0; round < 400; round++) {
    const size = Math.floor(round < 20 ? round : 10 ** (random() * 6.7))
    const text = pool.subarray(0, Math.max(size, 1))
    const at = Math.floor(random() * text.length)
    const length = Math.min(text.length - at, Math.floor(random() * 64))
    const old = crc32c(text)
    const before = Buffer.from(text.subarray(at, at + length))
    for (let i = 0; i < length; i++) if (random() < 0.5) text[at + i] = random() * 256
    assert.equal(crc32cPatch(old, before, 0, text, at, length, text.length - at - length), crc32c(text))
  }
})
