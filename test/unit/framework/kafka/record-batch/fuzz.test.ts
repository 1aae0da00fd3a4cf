import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../framework/api/connect-error.ts'
import {
  AbortedFilter,
  crc32c,
  decodeBatch,
  dropBelow,
  encodeBatch,
  halve,
  joinBatches,
  makeCopyable,
  recompressBatches,
  splitBatches,
} from '../../../../../framework/kafka/record-batch/index.ts'
import { javaFixtures } from './java-fixtures.ts'
import { randomBytes, randomRecords, seeded } from './random-records.ts'

/** Anything but a `ConnectError` is a fault of ours. */
function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    assert.ok(error instanceof ConnectError, error instanceof Error ? error.stack : String(error))
    return null
  }
}

/** Everything that can be done with bytes from a broker; half of the batches get a checksum that fits their damage. */
function use(bytes: Buffer, random: () => number): void {
  const batches = attempt(() => splitBatches(bytes)) ?? []
  for (const batch of batches) if (random() < 0.5) batch.bytes.writeUInt32BE(crc32c(batch.bytes.subarray(21)), 17)
  attempt(() => new AbortedFilter().filter([{ producerId: 4242, firstOffset: 0 }], batches))
  const twice = [...batches, ...batches].map(batch => batch.bytes)
  attempt(() => joinBatches(twice, 2 ** 26))
  attempt(() => recompressBatches(twice, 2 ** 26))
  for (const batch of batches) {
    attempt(() => decodeBatch(batch, { maxBytes: 2 ** 24 }))
    attempt(() => makeCopyable(batch))
    attempt(() => dropBelow(batch, batch.baseOffset + 2))
    attempt(() => halve(batch.bytes))
  }
}

const letters = randomRecords(seeded(51), 30).map(record => ({
  ...record,
  key: Buffer.from('a key'),
  value: Buffer.from(randomBytes(seeded(52 + record.offset), 40).toString('base64')),
}))
const inputs = [...javaFixtures, { name: 'lz4 that hardly compresses', bytes: encodeBatch(letters, { codec: 'lz4' }) }]

for (const { name, bytes } of inputs) {
  test(`truncated and flipped bytes of ${name} end in a ConnectError or a result`, () => {
    const random = seeded(50)
    for (let round = 0; round < 1500; round++) {
      const damaged = Buffer.from(bytes)
      const flips = 1 + random() * 3
      const reach = random() < 0.5 ? Math.min(80, damaged.length) : damaged.length
      for (let i = 0; i < flips; i++) damaged[Math.floor(random() * reach)] = random() * 256
      use(random() < 0.3 ? damaged.subarray(0, random() * damaged.length) : damaged, random)
    }
  })
}
