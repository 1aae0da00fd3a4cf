import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../framework/api/connect-error.ts'
import {
  AbortedFilter,
  canJoin,
  decodeBatch,
  dropBelow,
  joinBatches,
  makeCopyable,
  splitBatches,
} from '../../../../../framework/kafka/record-batch/index.ts'
import { javaFixtures } from './java-fixtures.ts'
import { seeded } from './random-records.ts'

/** Everything that can be done with bytes from a broker; anything but a `ConnectError` is a fault of ours. */
function use(bytes: Buffer): void {
  try {
    const batches = splitBatches(bytes)
    const kept = new AbortedFilter().filter([{ producerId: 4242, firstOffset: 0 }], batches)
    joinBatches(
      batches.filter(batch => canJoin(batch.bytes)).map(batch => batch.bytes),
      2 ** 30,
    )
    for (const batch of kept) {
      decodeBatch(batch, { maxBytes: 2 ** 24 })
      makeCopyable(batch)
      dropBelow(batch, batch.baseOffset + 2)
    }
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error instanceof Error ? error.stack : error))
  }
}

for (const { name, bytes } of javaFixtures) {
  test(`truncated and flipped bytes of ${name} end in a ConnectError or a result`, () => {
    const random = seeded(50)
    for (let round = 0; round < 1500; round++) {
      const damaged = Buffer.from(bytes)
      const flips = 1 + random() * 3
      const reach = random() < 0.5 ? 70 : damaged.length
      for (let i = 0; i < flips; i++) damaged[Math.floor(random() * Math.min(reach, damaged.length))]! = random() * 256
      use(random() < 0.3 ? damaged.subarray(0, random() * damaged.length) : damaged)
    }
  })
}
