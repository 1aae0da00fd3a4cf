import {
  type ConnectValue,
  DataError,
  Decimal,
  entriesOf,
  fieldValue,
  LogicalName,
  memberOf,
  type Schema,
  type Struct,
  type StructSchema,
  validate,
} from '../../api/data.ts'
import { logicalFromNumber, logicalToNumber } from '../logical.ts'
import { branchName, isUnion } from './avro-names.ts'

/** A value that fits its schema as avsc takes it. */
export function toAvro(schema: Schema, value: ConnectValue): unknown {
  if (value === null) return null
  switch (schema.type) {
    case 'array':
      return (value as readonly ConnectValue[]).map(item => toAvro(schema.items, item))
    case 'map': {
      const entries = Array.from(
        entriesOf(value as Struct),
        ([key, item]) => [toAvro(schema.keys, key), toAvro(schema.values, item)] as const,
      )
      return hasTextKeys(schema.keys)
        ? Object.fromEntries(entries as [string, unknown][])
        : entries.map(([key, item]) => ({ key, value: item }))
    }
    case 'struct':
      if (isUnion(schema)) return toAvroUnion(schema, value as Struct)
      return Object.fromEntries(
        schema.fields.map(field => [field.name, toAvro(field.schema, fieldValue(value as Struct, field))]),
      )
  }
  if (value instanceof Decimal) return Buffer.from(value.withScale(Number(schema.parameters?.scale ?? value.scale)).toBytes())
  if (value instanceof Date) return logicalToNumber(schema, value)
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length)
  return value
}

/** What avsc made of the bytes of a schema, as a value. */
export function fromAvro(schema: Schema, value: unknown): ConnectValue {
  if (value === null || value === undefined) return null
  switch (schema.type) {
    case 'array':
      return (value as readonly unknown[]).map(item => fromAvro(schema.items, item))
    case 'map': {
      const entries = hasTextKeys(schema.keys)
        ? Object.entries(value)
        : (value as readonly { key: unknown; value: unknown }[]).map(entry => [entry.key, entry.value] as const)
      return new Map(entries.map(([key, item]) => [fromAvro(schema.keys, key), fromAvro(schema.values, item)]))
    }
    case 'struct':
      if (isUnion(schema)) return fromAvroUnion(schema, value as Readonly<Record<string, unknown>>)
      return Object.fromEntries(
        schema.fields.map(({ name, schema: field }) => [name, fromAvro(field, memberOf(value as Struct, name))]),
      )
    case 'bytes': {
      const bytes = value as Buffer
      if (schema.name === LogicalName.DECIMAL) return Decimal.fromBytes(bytes, Number(schema.parameters?.scale ?? 0))
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    }
    case 'int32':
    case 'int64':
      return logicalFromNumber(schema, value as number | bigint) ?? (value as number | bigint)
    default:
      return value as ConnectValue
  }
}

/** Of a union, the one field that is not null. */
function toAvroUnion(union: StructSchema, value: Struct): unknown {
  const field = union.fields.find(({ name }) => memberOf(value, name) != null)
  if (field === undefined) throw new DataError(`one of ${union.fields.map(({ name }) => name).join(', ')} must have a value`)
  return { [branchName(field.schema)]: toAvro(field.schema, memberOf(value, field.name) ?? null) }
}

function fromAvroUnion(union: StructSchema, wrapped: Readonly<Record<string, unknown>>): ConnectValue {
  const field = union.fields.find(({ schema }) => Object.hasOwn(wrapped, branchName(schema)))
  if (field === undefined)
    throw new DataError(`the type ${Object.keys(wrapped)} is none of the union ${union.fields.map(({ name }) => name)}`)
  return { [field.name]: fromAvro(field.schema, wrapped[branchName(field.schema)]) }
}

/** A default as Avro's JSON has it: bytes are text of one character per byte. @throws DataError when it does not fit its schema */
export function toAvroDefault(schema: Schema, value: ConnectValue): unknown {
  validate(schema, value)
  return defaultJson(toAvro(schema, value))
}

function defaultJson(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(defaultJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, defaultJson(item)]))
}

function hasTextKeys(keys: Schema): boolean {
  return keys.type === 'string' && !keys.optional
}
