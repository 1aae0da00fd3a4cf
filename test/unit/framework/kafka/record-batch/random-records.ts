import type { DecodedRecord } from '../../../../../framework/kafka/record-batch/index.ts'

/** A small seeded generator (mulberry32): the same seed gives the same numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function randomBytes(random: () => number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  for (let i = 0; i < length; i++) bytes[i] = random() * 256
  return bytes
}

function field(random: () => number, maxBytes: number): Buffer | null {
  const kind = random()
  if (kind < 0.15) return null
  if (kind < 0.25) return Buffer.alloc(0)
  if (kind < 0.6) return Buffer.from('words that repeat '.repeat(1 + random() * (maxBytes / 18)))
  return randomBytes(random, random() * maxBytes)
}

/** Records of all shapes with offsets from 0 on. */
export function randomRecords(random: () => number, count: number, maxBytes = 400): DecodedRecord[] {
  const records: DecodedRecord[] = []
  for (let offset = 0; offset < count; offset++) {
    const headers =
      random() < 0.6
        ? []
        : Array.from({ length: random() * 5 }, () => ({
            key: ['a', '1', 'ключ', ''][Math.floor(random() * 4)]!,
            value: field(random, 40),
          }))
    const timestamp = random() < 0.05 ? -1 : Math.floor(random() < 0.2 ? random() * 2000 : 1.7e12 + (random() - 0.5) * 1e10)
    records.push({ offset, timestamp, key: field(random, 60), value: field(random, maxBytes), headers })
  }
  return records
}
