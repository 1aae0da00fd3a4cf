import { DataError } from './data-error.ts'

const MAX_SCALE = 10_000

/** A decimal number of any size: `unscaled` × 10^-`scale`. What Java's BigDecimal is. */
export class Decimal {
  readonly unscaled: bigint
  /** Digits behind the point; negative = zeros before it. */
  readonly scale: number

  /** @throws DataError for a scale beyond ±10,000: its digits would fill memory */
  constructor(unscaled: bigint, scale: number) {
    if (!(Math.abs(scale) <= MAX_SCALE)) throw new DataError(`a decimal cannot have the scale ${scale}; at most ±${MAX_SCALE}`)
    this.unscaled = unscaled
    this.scale = scale
  }

  /** Reads `12.50`, `-0.001` or `1.5e3`; the digits as written decide the scale. @throws DataError */
  static parse(text: string): Decimal {
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text.trim())
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
    if (match === null || whole + fraction === '')
      throw new DataError(`${JSON.stringify(text)} is not a decimal number; write digits, a point and digits`)
    const digits = BigInt(whole + fraction)
    return new Decimal(sign === '-' ? -digits : digits, fraction.length - Number(exponent))
  }

  /** From big-endian two's complement bytes, as Kafka Connect keeps them. */
  static fromBytes(bytes: Uint8Array, scale: number): Decimal {
    if (bytes.length === 0) throw new DataError('a decimal needs at least one byte')
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
    return new Decimal(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)), scale)
  }

  /** The unscaled value as the fewest big-endian two's complement bytes. */
  toBytes(): Uint8Array {
    let length = 1
    while (BigInt.asIntN(length * 8, this.unscaled) !== this.unscaled) length++
    const hex = BigInt.asUintN(length * 8, this.unscaled).toString(16)
    return Buffer.from(hex.padStart(length * 2, '0'), 'hex')
  }

  /** The same number with that many digits behind the point. @throws DataError when digits other than zero would be lost */
  withScale(scale: number): Decimal {
    if (scale === this.scale) return this
    if (scale > this.scale) return new Decimal(this.unscaled * 10n ** BigInt(scale - this.scale), scale)
    const divisor = 10n ** BigInt(this.scale - scale)
    if (this.unscaled % divisor !== 0n)
      throw new DataError(`${this} does not fit scale ${scale}; round it, or give the schema the scale ${this.scale}`)
    return new Decimal(this.unscaled / divisor, scale)
  }

  /** Digits without an exponent: `12.50`. */
  toString(): string {
    if (this.scale <= 0) return `${this.unscaled * 10n ** BigInt(-this.scale)}`
    const digits = `${this.unscaled < 0n ? -this.unscaled : this.unscaled}`.padStart(this.scale + 1, '0')
    return `${this.unscaled < 0n ? '-' : ''}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(`${this.unscaled}e${-this.scale}`)
  }
}
