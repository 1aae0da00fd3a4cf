const SEED = 0x9747b28c | 0
const MULTIPLIER = 0x5bd1e995

/** MurmurHash2, 32 bits, with the seed of Kafka's default partitioner. Signed, as in Java. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length
  let hash = SEED ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    word = Math.imul(word, MULTIPLIER)
    word ^= word >>> 24
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER)
  }
  if (at < length) {
    for (let shift = 0, rest = at; rest < length; rest++, shift += 8) hash ^= bytes[rest]! << shift
    hash = Math.imul(hash, MULTIPLIER)
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return hash ^ (hash >>> 15)
}

/** The partition Kafka's default partitioner chooses for a key. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitions
}
