import { Decimal } from './data-decimal.ts'
import { DataError } from './data-error.ts'
import { LogicalName, type MapSchema, type Schema, type SchemaType, type StructSchema } from './data-schema.ts'
import { type ConnectValue, isStruct, kindOf, memberOf, type Struct } from './data-value.ts'

/**
 * The value of a field as it is written: a field left out is null, or its default where it is required.
 * @throws DataError when it was left out and has neither
 */
export function fieldValue(struct: Struct, { name, schema }: StructSchema['fields'][number]): ConnectValue {
  const value = memberOf(struct, name)
  if (value !== undefined) return value
  if (schema.optional) return null
  if (schema.default !== undefined && schema.default !== null) return schema.default
  throw new DataError(`the field ${name} is required and was left out; give it a value, or make its schema optional`)
}

/** @throws DataError when the value is not what the schema says, with the path to the first that is not */
export function validate(schema: Schema, value: ConnectValue, path = ''): void {
  if (value === null) {
    if (!schema.optional) throw new DataError(`${at(path)}null is not allowed where the schema is required; make it optional`)
    return
  }
  if (!isOf(schema, value)) throw new DataError(`${at(path)}expected ${expected(schema)}, found ${describe(value)}`)
  if (schema.type === 'array') {
    for (const [i, item] of (value as readonly ConnectValue[]).entries()) validate(schema.items, item, `${path}[${i}]`)
  } else if (schema.type === 'map') validateMap(schema, value as ReadonlyMap<ConnectValue, ConnectValue> | Struct, path)
  else if (schema.type === 'struct') validateStruct(schema, value as Struct, path)
}

function validateStruct(schema: StructSchema, value: Struct, path: string): void {
  for (const field of schema.fields) {
    validate(field.schema, fieldValue(value, field), path === '' ? field.name : `${path}.${field.name}`)
  }
}

function validateMap(schema: MapSchema, value: ReadonlyMap<ConnectValue, ConnectValue> | Struct, path: string): void {
  for (const [key, item] of entriesOf(value)) {
    validate(schema.keys, key, `${path}{key}`)
    validate(schema.values, item, `${path}{${String(key)}}`)
  }
}

/** The entries of a map, be it a `Map` or a plain object. */
export function entriesOf(
  map: ReadonlyMap<ConnectValue, ConnectValue> | Struct,
): Iterable<readonly [key: ConnectValue, value: ConnectValue]> {
  if (map instanceof Map) return map.entries()
  return Object.entries(map as Struct).map(([key, value]) => [key, value ?? null] as const)
}

const INTEGER_BITS: Partial<Record<SchemaType, number>> = { int8: 8, int16: 16, int32: 32, int64: 64 }

function isOf(schema: Schema, value: ConnectValue): boolean {
  switch (schema.type) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      if (isTemporal(schema)) return value instanceof Date && !Number.isNaN(value.getTime())
      return fitsBits(value, INTEGER_BITS[schema.type] ?? 64)
    case 'float32':
    case 'float64':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'string':
      return typeof value === 'string'
    case 'bytes':
      return schema.name === LogicalName.DECIMAL ? value instanceof Decimal : value instanceof Uint8Array
    case 'array':
      return Array.isArray(value)
    case 'map':
      return value instanceof Map || (schema.keys.type === 'string' && isStruct(value))
    case 'struct':
      return isStruct(value)
  }
}

function isTemporal({ name }: Schema): boolean {
  return name === LogicalName.DATE || name === LogicalName.TIME || name === LogicalName.TIMESTAMP
}

/** A whole number of so many bits, exact. */
export function fitsBits(value: ConnectValue, bits: number): value is number | bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(bits, value) === value
  return Number.isSafeInteger(value) && (bits > 52 || Math.abs((value as number) + 0.5) < 2 ** (bits - 1))
}

function expected(schema: Schema): string {
  return schema.name === undefined ? schema.type : `${schema.type} (${schema.name})`
}

function describe(value: ConnectValue): string {
  if (typeof value !== 'number' && typeof value !== 'bigint') return kindOf(value)
  const isInexact = Number.isInteger(value) && !Number.isSafeInteger(value)
  return `the number ${value}${isInexact ? ', which is not exact; beyond 2^53 - 1 use a bigint' : ''}`
}

function at(path: string): string {
  return path === '' ? '' : `${path}: `
}
