import type { ConfigDefinition } from '../api/config-definition.ts'
import { type ConnectValue, DataError, Decimal, fitsBits, isStruct, kindOf, type Schema } from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { readField, requireObject, requireStruct } from './structs.ts'

const definition = {
  fields: {
    type: 'list',
    doc: 'names of the fields to mask',
    validate: text => (text === '' ? 'must name at least one field' : undefined),
  },
  replacement: { type: 'string', default: null, doc: 'what numbers and texts become instead of 0 and nothing' },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

/** Blanks fields: 0, false, empty, or a replacement. Null stays null. */
export const MaskField = sideTransform(definition, (config, side) => {
  const isMasked = new Set(config.fields)
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (value === null) return record
    if (schema === null) {
      const object = requireObject(value, 'mask fields')
      const masked = config.fields.map(name => {
        return [name, mask(null, Object.hasOwn(object, name) ? (object[name] ?? null) : null, config.replacement)] as const
      })
      return side.replace(record, null, { ...object, ...Object.fromEntries(masked) })
    }
    const [structSchema, struct] = requireStruct(schema, value, 'mask fields')
    const entries = structSchema.fields.map(field => {
      const item = readField(struct, field, config['replace.null.with.default'])
      return [field.name, isMasked.has(field.name) ? mask(field.schema, item, config.replacement) : item] as const
    })
    return side.replace(record, schema, Object.fromEntries(entries))
  }
})

function mask(schema: Schema | null, value: ConnectValue, replacement: string | null): ConnectValue {
  if (value === null) return null
  return replacement === null ? blank(value) : replaced(schema, value, replacement)
}

function blank(value: ConnectValue): ConnectValue {
  switch (typeof value) {
    case 'boolean':
      return false
    case 'number':
    case 'bigint':
      return 0
    case 'string':
      return ''
  }
  if (value instanceof Decimal) return new Decimal(0n, value.scale)
  if (value instanceof Date) return new Date(0)
  if (Array.isArray(value)) return []
  if (value instanceof Map) return new Map()
  if (isStruct(value)) return {}
  throw new DataError(`Cannot mask ${kindOf(value)}`)
}

const BITS: Readonly<Record<string, number>> = { int8: 8, int16: 16, int32: 32, int64: 64 }

function replaced(schema: Schema | null, value: ConnectValue, replacement: string): ConnectValue {
  if (typeof value === 'string') return replacement
  if (value instanceof Decimal) return Decimal.parse(replacement).withScale(value.scale)
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw new DataError(`Cannot mask ${kindOf(value)} with a replacement`)
  const bits = schema === null ? (Number.isInteger(value) || typeof value === 'bigint' ? 64 : undefined) : BITS[schema.type]
  if (bits === undefined) return floatOf(replacement)
  if (!/^[+-]?\d+$/.test(replacement)) throw new DataError(`the replacement ${replacement} is no whole number, as the field is`)
  const number = Number(replacement)
  const exact = Number.isSafeInteger(number) ? number : BigInt(replacement)
  if (!fitsBits(exact, bits)) throw new DataError(`the replacement ${replacement} does not fit ${schema?.type}`)
  return exact
}

function floatOf(replacement: string): number {
  const number = Number(replacement)
  if (replacement.trim() === '' || Number.isNaN(number))
    throw new DataError(`the replacement ${replacement} is no number, as the field is`)
  return number
}
