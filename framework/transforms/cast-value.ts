import { type ConnectValue, DataError, Decimal, kindOf, type Schema } from '../api/data.ts'
import { logicalToNumber } from '../converters/logical.ts'
import { printLiteral } from '../converters/simple-header/print-literal.ts'
import { valueText } from '../converters/value-text.ts'

export const CAST_TYPES = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'] as const

export type CastType = (typeof CAST_TYPES)[number]

const INTEGER_BITS = { int8: 8, int16: 16, int32: 32, int64: 64 } as const

/**
 * A value as another type, as Java casts: integers lose their upper bits, floats what is behind the point, texts are read as numbers.
 * @throws DataError for a text that does not fit, and for lists, maps and structs
 */
export function castValue(schema: Schema | null, value: ConnectValue, type: CastType): ConnectValue {
  if (value === null) return null
  if (type === 'string') return castToString(schema, value)
  const number = value instanceof Date ? (schema === null ? value.getTime() : logicalToNumber(schema, value)) : value
  switch (type) {
    case 'boolean':
      return typeof number === 'string' ? number.toLowerCase() === 'true' : castToInteger(schema, number, 64) !== 0
    case 'float32':
      return Math.fround(castToFloat(number))
    case 'float64':
      return castToFloat(number)
    default:
      return castToInteger(schema, number, INTEGER_BITS[type])
  }
}

function castToString(schema: Schema | null, value: ConnectValue): string {
  if (value instanceof Date || value instanceof Uint8Array) return printLiteral(schema, value)
  if (typeof value === 'object' && !(value instanceof Decimal)) throw unsupported(value)
  return valueText(schema, value)
}

function castToInteger(schema: Schema | null, value: ConnectValue, bits: number): number | bigint {
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0
    case 'bigint':
      return narrowed(value, bits)
    case 'string':
      return parsed(value, bits)
    case 'number':
      return isFloat(schema, value) ? fromFloat(value, bits) : narrowed(BigInt(value), bits)
  }
  if (value instanceof Decimal) return narrowed(BigInt(value.toString().replace(/\..*/, '')), bits)
  throw unsupported(value)
}

function isFloat(schema: Schema | null, value: number): boolean {
  return schema === null ? !Number.isSafeInteger(value) : schema.type.startsWith('float')
}

/** The nearest integer of 64 or else 32 bits towards zero, then its lower bits. */
function fromFloat(value: number, bits: number): number | bigint {
  if (Number.isNaN(value)) return 0
  const size = bits === 64 ? 64n : 32n
  const max = 2n ** (size - 1n)
  if (value >= Number(max)) return narrowed(max - 1n, bits)
  if (value <= -Number(max)) return narrowed(-max, bits)
  return narrowed(BigInt(Math.trunc(value)), bits)
}

function narrowed(value: bigint, bits: number): number | bigint {
  const lower = BigInt.asIntN(bits, value)
  const number = Number(lower)
  return Number.isSafeInteger(number) ? number : lower
}

function parsed(text: string, bits: number): number | bigint {
  if (!/^[+-]?\d+$/.test(text)) throw new DataError(`the text ${JSON.stringify(text)} is no whole number`)
  const value = BigInt(text.replace(/^\+/, ''))
  if (BigInt.asIntN(bits, value) !== value) throw new DataError(`${text} is out of range for an integer of ${bits} bits`)
  return narrowed(value, bits)
}

function castToFloat(value: ConnectValue): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (value instanceof Decimal) return value.toNumber()
  if (typeof value !== 'string') throw unsupported(value)
  const number = Number(value)
  if (value.trim() === '' || (Number.isNaN(number) && value.trim() !== 'NaN'))
    throw new DataError(`the text ${JSON.stringify(value)} is no number`)
  return number
}

function unsupported(value: ConnectValue): DataError {
  return new DataError(`Cast does not support ${kindOf(value)}; it casts numbers, booleans, texts and dates, and bytes to text`)
}
