import {
  type ConnectValue,
  DataError,
  Decimal,
  entriesOf,
  fieldValue,
  isStruct,
  kindOf,
  type Schema,
  type Struct,
  validate,
} from '../../api/data.ts'
import { logicalToNumber } from '../logical.ts'
import { shortestFloat } from '../number-text.ts'
import { chosenBranch, isObjectMap, isUnion, type JsonShapes } from './json-shapes.ts'
import { type JsonTree, rawNumber } from './json-text.ts'

export interface WriteJsonOptions {
  readonly decimals: 'BASE64' | 'NUMERIC'
  readonly replaceNullWithDefault: boolean
  /** What JSON Schema does otherwise. */
  readonly shapes?: JsonShapes
}

/** A value as JSON of its schema, to be printed by `JSON.stringify`. @throws DataError with the path to what does not fit */
export function writeJson(schema: Schema | null, value: ConnectValue, options: WriteJsonOptions, path = ''): JsonTree {
  if (schema === null) return writeSchemaless(value, options, path)
  if (value === null) {
    if (options.replaceNullWithDefault && schema.default != null) return writeJson(schema, schema.default, options, path)
    if (schema.optional) return null
  }
  switch (schema.type) {
    case 'array':
      if (!Array.isArray(value)) break
      return value.map((item: ConnectValue, i) => writeJson(schema.items, item, options, `${path}[${i}]`))
    case 'map': {
      const isPlain = isObjectMap(schema, options.shapes)
      if (!(value instanceof Map) && !(isPlain && isStruct(value))) break
      const entries = Array.from(entriesOf(value as Struct), ([key, item]) => [
        writeJson(schema.keys, key, options, `${path}{key}`),
        writeJson(schema.values, item, options, `${path}{${String(key)}}`),
      ])
      if (isPlain) return Object.fromEntries(entries)
      return options.shapes === undefined ? entries : entries.map(([key = null, item = null]) => ({ key, value: item }))
    }
    case 'struct':
      if (!isStruct(value)) break
      if (isUnion(schema, options.shapes)) {
        const [name, chosen] = chosenBranch(schema, value)
        return writeJson(chosen, value[name] ?? null, options, path)
      }
      return Object.fromEntries(
        schema.fields.map(field => {
          const at = path === '' ? field.name : `${path}.${field.name}`
          return [field.name, writeJson(field.schema, fieldValue(value, field), options, at)]
        }),
      )
    default:
      validate(schema, value, path)
      return writePrimitive(schema, value, options)
  }
  validate(schema, value, path)
  throw new DataError(`${path}: ${kindOf(value)} cannot be written as ${schema.type}`)
}

function writePrimitive(schema: Schema, value: ConnectValue, options: WriteJsonOptions): JsonTree {
  if (value instanceof Decimal) return writeDecimal(value.withScale(Number(schema.parameters?.scale ?? value.scale)), options)
  if (value instanceof Date) return logicalToNumber(schema, value)
  if (value instanceof Uint8Array) return base64(value)
  if (typeof value === 'number') return schema.type.startsWith('int') ? value : writeFloat(value, schema.type === 'float32')
  return typeof value === 'bigint' ? rawNumber(String(value)) : (value as boolean | string)
}

function writeSchemaless(value: ConnectValue, options: WriteJsonOptions, path: string): JsonTree {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'bigint') return rawNumber(String(value))
  if (typeof value === 'number') return writeFloat(value, false)
  if (value instanceof Uint8Array) return base64(value)
  if (value instanceof Date) return value.getTime()
  if (value instanceof Decimal) return writeDecimal(value, options)
  if (Array.isArray(value)) return value.map((item: ConnectValue, i) => writeSchemaless(item, options, `${path}[${i}]`))
  if (value instanceof Map || isStruct(value)) {
    const entries = Array.from(
      entriesOf(value as Struct),
      ([key, item]) => [key, writeSchemaless(item, options, at(path, key))] as const,
    )
    if (entries.every(([key]) => typeof key === 'string')) return Object.fromEntries(entries as [string, JsonTree][])
    return entries.map(([key, item]) => [writeSchemaless(key, options, `${path}{key}`), item])
  }
  throw new DataError(`${path === '' ? '' : `${path}: `}${kindOf(value)} cannot be written as JSON`)
}

function at(path: string, key: ConnectValue): string {
  return path === '' ? String(key) : `${path}.${String(key)}`
}

function writeDecimal(value: Decimal, { decimals }: WriteJsonOptions): JsonTree {
  return decimals === 'NUMERIC'
    ? rawNumber(value.scale < 0 ? `${value.unscaled}e${-value.scale}` : value.toString())
    : base64(value.toBytes())
}

/** What JSON has no number for is a string, as in Java: NaN, Infinity. */
function writeFloat(value: number, isFloat32: boolean): JsonTree {
  if (!Number.isFinite(value)) return String(value)
  return isFloat32 ? shortestFloat(value) : value
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
