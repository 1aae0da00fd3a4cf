/**
 * Zigzag varints as records use them ("Record" in Kafka's message format documentation, after Protocol Buffers):
 * `int` for 32 bits, `long` for 64 bits. Longs are numbers: exact within the safe integers.
 */
import { corrupt } from './corrupt.ts'

/** Numbers whose zigzag form is still a safe integer. */
const ZIGZAG_SAFE = 2 ** 52
const scratch = new Uint8Array(10)

export function sizeOfInt(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x4000) return 2
  if (zigzag < 0x20_0000) return 3
  return zigzag < 0x1000_0000 ? 4 : 5
}

export function sizeOfLong(value: number): number {
  if (value === (value | 0)) return sizeOfInt(value)
  if (value >= ZIGZAG_SAFE || value <= -ZIGZAG_SAFE) return writeBigLong(scratch, value, 0)
  let zigzag = value < 0 ? -2 * value - 1 : 2 * value
  let size = 1
  while (zigzag >= 0x80) {
    zigzag = Math.floor(zigzag / 0x80)
    size++
  }
  return size
}

/** Returns the place behind what was written. */
export function writeInt(bytes: Uint8Array, value: number, at: number): number {
  let zigzag = (value << 1) ^ (value >> 31)
  let to = at
  while ((zigzag & ~0x7f) !== 0) {
    bytes[to++] = (zigzag & 0x7f) | 0x80
    zigzag >>>= 7
  }
  bytes[to] = zigzag
  return to + 1
}

/** Returns the place behind what was written. */
export function writeLong(bytes: Uint8Array, value: number, at: number): number {
  if (value === (value | 0)) return writeInt(bytes, value, at)
  if (value >= ZIGZAG_SAFE || value <= -ZIGZAG_SAFE) return writeBigLong(bytes, value, at)
  let zigzag = value < 0 ? -2 * value - 1 : 2 * value
  let to = at
  while (zigzag >= 0x80) {
    const high = Math.floor(zigzag / 0x80)
    bytes[to++] = (zigzag - high * 0x80) | 0x80
    zigzag = high
  }
  bytes[to] = zigzag
  return to + 1
}

function writeBigLong(bytes: Uint8Array, value: number, at: number): number {
  let zigzag = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  let to = at
  while (zigzag >= 0x80n) {
    bytes[to++] = Number(zigzag & 0x7fn) | 0x80
    zigzag >>= 7n
  }
  bytes[to] = Number(zigzag)
  return to + 1
}

/** Reads varints one after the other. Going past the end reads zeros: compare `at` with the end afterwards. */
export class VarintReader {
  readonly bytes: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  int(): number {
    const bytes = this.bytes
    let at = this.at
    let byte = bytes[at++]!
    let zigzag = byte & 0x7f
    for (let shift = 7; byte > 0x7f; shift += 7) {
      if (shift > 28) throw corrupt('a varint of more than 5 bytes')
      byte = bytes[at++]!
      zigzag |= (byte & 0x7f) << shift
    }
    this.at = at
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  long(): number {
    const bytes = this.bytes
    let at = this.at
    let byte = bytes[at++]!
    let zigzag = byte & 0x7f
    for (let shift = 7; byte > 0x7f; shift += 7) {
      if (shift > 21) return this.#wideLong()
      byte = bytes[at++]!
      zigzag |= (byte & 0x7f) << shift
    }
    this.at = at
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  /** From the start of the same varint: more than four bytes long. */
  #wideLong(): number {
    const bytes = this.bytes
    let low = 0
    let high = 0
    let at = this.at
    for (let i = 0; ; i++) {
      if (i === 10) throw corrupt('a varint of more than 10 bytes')
      const byte = bytes[at++]!
      if (i < 4) low += (byte & 0x7f) * 2 ** (7 * i)
      else high += (byte & 0x7f) * 2 ** (7 * (i - 4))
      if (!(byte > 0x7f)) break
    }
    const from = this.at
    this.at = at
    const zigzag = high * 0x1000_0000 + low
    if (zigzag > Number.MAX_SAFE_INTEGER) return wideZigzag(bytes, from, at)
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
  }
}

function wideZigzag(bytes: Buffer, from: number, to: number): number {
  let zigzag = 0n
  for (let at = from, shift = 0n; at < to; at++, shift += 7n) zigzag |= BigInt((bytes[at] ?? 0) & 0x7f) << shift
  zigzag = BigInt.asUintN(64, zigzag)
  return Number(BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n)))
}
