import {
  type ConnectValue,
  DataError,
  Decimal,
  fitsBits,
  LogicalName,
  type MapSchema,
  type Schema,
  type StructSchema,
} from '../../api/data.ts'
import { logicalFromNumber } from '../logical.ts'
import { branchesFor, entryList, isObjectMap, isUnion, type JsonShapes } from './json-shapes.ts'
import { hasManyDigits, isJsonObject, type JsonObject, type JsonTree, LongNumber, parseJson } from './json-text.ts'

export interface ReadJsonOptions {
  readonly replaceNullWithDefault: boolean
  /** What JSON Schema does otherwise. */
  readonly shapes?: JsonShapes
}

/** A value of that schema out of JSON. @throws DataError with the path to what does not fit */
export function readJson(schema: Schema | null, json: JsonTree, options: ReadJsonOptions, path = 'payload'): ConnectValue {
  if (schema === null) return readSchemaless(json)
  if (json === null) return readNull(schema, options, path)
  switch (schema.type) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return readInteger(schema, BITS[schema.type], json, path)
    case 'float32':
    case 'float64':
      return readFloat(schema, json, path)
    case 'boolean':
    case 'string':
      return typeof json === schema.type ? (json as boolean | string) : mismatch(schema, json, path)
    case 'bytes':
      return readBytes(schema, json, path)
    case 'array':
      if (!Array.isArray(json)) return mismatch(schema, json, path)
      return json.map((item: JsonTree, i) => readJson(schema.items, item, options, `${path}[${i}]`))
    case 'map':
      return readMap(schema, json, options, path)
    case 'struct':
      return isUnion(schema, options.shapes) ? readUnion(schema, json, options, path) : readStruct(schema, json, options, path)
  }
}

/** A value without a schema out of text. @throws DataError */
export function parseSchemaless(text: string): ConnectValue {
  const json = parseJson(text)
  return hasManyDigits(text) ? readSchemaless(json) : (json as ConnectValue)
}

/** Objects become plain objects, since nothing says whether they are maps. */
export function readSchemaless(json: JsonTree): ConnectValue {
  if (json instanceof LongNumber) return Number(json.text)
  if (Array.isArray(json)) return json.map(readSchemaless)
  if (!isJsonObject(json)) return json as ConnectValue
  return Object.fromEntries(Object.entries(json).map(([member, value]) => [member, readSchemaless(value)]))
}

function readNull(schema: Schema, { replaceNullWithDefault }: ReadJsonOptions, path: string): ConnectValue {
  if (replaceNullWithDefault && schema.default != null) return schema.default
  if (schema.optional) return null
  throw new DataError(`${path} is null, but its schema says required ${schema.type}`)
}

const BITS = { int8: 8, int16: 16, int32: 32, int64: 64 } as const

function readInteger(schema: Schema, bits: number, json: JsonTree, path: string): ConnectValue {
  if (typeof json !== 'number' && typeof json !== 'bigint') return mismatch(schema, json, path)
  if (!fitsBits(json, bits)) return mismatch(schema, json, path)
  return logicalFromNumber(schema, json) ?? json
}

function readFloat(schema: Schema, json: JsonTree, path: string): number {
  const value = json instanceof LongNumber ? Number(json.text) : typeof json === 'bigint' ? Number(json) : json
  if (typeof value === 'number') return schema.type === 'float32' ? Math.fround(value) : value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  return mismatch(schema, json, path)
}

function readBytes(schema: Schema, json: JsonTree, path: string): ConnectValue {
  if (schema.name === LogicalName.DECIMAL) {
    const scale = Number(schema.parameters?.scale ?? 0)
    if (typeof json === 'string') return Decimal.fromBytes(fromBase64(json, path), scale)
    const text =
      json instanceof LongNumber ? json.text : typeof json === 'object' || typeof json === 'boolean' ? undefined : String(json)
    return text === undefined ? mismatch(schema, json, path) : Decimal.parse(text).withScale(scale)
  }
  return typeof json === 'string' ? fromBase64(json, path) : mismatch(schema, json, path)
}

function fromBase64(text: string, path: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, ''))
    throw new DataError(`${path} is not base64: ${JSON.stringify(text.slice(0, 40))}`)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function readMap(schema: MapSchema, json: JsonTree, options: ReadJsonOptions, path: string): ConnectValue {
  if (isObjectMap(schema, options.shapes)) {
    if (!isJsonObject(json)) return mismatch(schema, json, path)
    return new Map(Object.entries(json).map(([key, value]) => [key, readJson(schema.values, value, options, `${path}{${key}}`)]))
  }
  return new Map(
    entryList(json, options.shapes, path).map(([key, value], i) => [
      readJson(schema.keys, key, options, `${path}[${i}]{key}`),
      readJson(schema.values, value, options, `${path}[${i}]{value}`),
    ]),
  )
}

/** The first branch that the value fits; of structs the one that shares most members with it. */
function readUnion(schema: StructSchema, json: JsonTree, options: ReadJsonOptions, path: string): ConnectValue {
  const failures: DataError[] = []
  for (const { name, schema: branch } of branchesFor(schema, json)) {
    try {
      return { [name]: readJson(branch, json, options, path) }
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      failures.push(error)
    }
  }
  throw new DataError(`${path} fits none of ${schema.fields.length} types: ${failures.map(error => error.message).join('; ')}`)
}

function readStruct(schema: StructSchema, json: JsonTree, options: ReadJsonOptions, path: string): ConnectValue {
  if (!isJsonObject(json)) return mismatch(schema, json, path)
  const struct: Record<string, ConnectValue> = {}
  for (const { name, schema: field } of schema.fields) {
    const value = readField(field, json, name, options, path)
    // Assigned, it would become the prototype.
    if (name === '__proto__') Object.defineProperty(struct, name, { value, enumerable: true, writable: true, configurable: true })
    else struct[name] = value
  }
  return struct
}

function readField(schema: Schema, json: JsonObject, name: string, options: ReadJsonOptions, path: string): ConnectValue {
  if (Object.hasOwn(json, name)) return readJson(schema, json[name] ?? null, options, `${path}.${name}`)
  // Left out is not null: the default of a required field is for this.
  return schema.optional || schema.default == null ? readNull(schema, options, `${path}.${name}`) : schema.default
}

function mismatch(schema: Schema, json: JsonTree, path: string): never {
  const found = json instanceof LongNumber ? json.text : typeof json === 'bigint' ? String(json) : JSON.stringify(json)
  const type = schema.name === undefined ? schema.type : `${schema.type} (${schema.name})`
  throw new DataError(`${path} must be ${type} as its schema says, but is ${found.slice(0, 60)}`)
}
