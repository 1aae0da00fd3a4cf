import { crc32c as native } from '@node-rs/crc32'

/** CRC-32C (Castagnoli), unsigned: 8 GB/s. */
export function crc32c(bytes: Uint8Array): number {
  return native(bytes)
}

/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78

/** The register after one byte, by the register's low byte. */
const STEP = new Int32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let register = byte
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1
  STEP[byte] = register
}

/** Powers of two bytes that can be skipped: covers lengths below 2^31. */
const POWERS = 31
const TABLE = 4 * 256

/**
 * SKIP holds one linear operator for each power k: what the register becomes after 2^k zero bytes.
 * An operator is four tables of 256, one for each byte of the register, whose entries are xor-ed.
 */
const SKIP = new Int32Array(POWERS * TABLE)

function skip(power: number, register: number): number {
  const base = power * TABLE
  return (
    SKIP[base + (register & 0xff)]! ^
    SKIP[base + 256 + ((register >>> 8) & 0xff)]! ^
    SKIP[base + 512 + ((register >>> 16) & 0xff)]! ^
    SKIP[base + 768 + (register >>> 24)]!
  )
}

for (let power = 0; power < POWERS; power++) {
  for (let entry = 0; entry < TABLE; entry++) {
    const register = (entry & 0xff) << (8 * (entry >>> 8))
    SKIP[power * TABLE + entry] =
      power === 0 ? (register >>> 8) ^ STEP[register & 0xff]! : skip(power - 1, skip(power - 1, register))
  }
}

/**
 * The CRC of a text after `length` of its bytes changed from `before` to `after`, from its old CRC alone:
 * CRCs are linear, so the difference of the changed bytes, moved over the `trailing` unchanged bytes behind them,
 * is the difference of the checksums. The cost does not grow with the text (one table look-up per bit of `trailing`).
 * A wrong checksum stays wrong: whoever checks it next still finds the damage.
 */
export function crc32cPatch(
  crc: number,
  before: Uint8Array,
  beforeAt: number,
  after: Uint8Array,
  afterAt: number,
  length: number,
  trailing: number,
): number {
  let register = 0
  for (let i = 0; i < length; i++) {
    register = (register >>> 8) ^ STEP[(register ^ before[beforeAt + i]! ^ after[afterAt + i]!) & 0xff]!
  }
  for (let power = 0, rest = trailing; rest !== 0; power++, rest >>>= 1) {
    if (rest & 1) register = skip(power, register)
  }
  return (crc ^ register) >>> 0
}
