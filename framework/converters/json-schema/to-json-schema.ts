import { LogicalName, type Schema, type StructSchema } from '../../api/data.ts'
import type { JsonObject, JsonTree } from '../json/json-text.ts'
import { type WriteJsonOptions, writeJson } from '../json/write-json.ts'
import { ENUM, isInternal, NULL_MARKER, ONE_OF } from './names.ts'

const NUMBERS = {
  int8: 'integer',
  int16: 'integer',
  int32: 'integer',
  int64: 'integer',
  float32: 'number',
  float64: 'number',
} as const

export interface ToJsonSchemaOptions {
  readonly write: WriteJsonOptions
  /** false = the schema forbids members that it does not name. */
  readonly additionalProperties: boolean
}

/**
 * A schema as JSON Schema (draft 7), as Confluent's JsonSchemaConverter writes it: optional = `oneOf` null and the type, and what JSON Schema has no word
 * for stands in members `connect.…` (docs.confluent.io, "JSON Schema Serializer"; the members are those of its class JsonSchemaData).
 */
export function toJsonSchema(schema: Schema, options: ToJsonSchemaOptions, index?: number): JsonObject {
  const place = index === undefined ? {} : { 'connect.index': index }
  if (schema.type === 'struct' && schema.name === ONE_OF) return { oneOf: branches(schema, options), ...place }
  const bare = { ...shapeOf(schema, options), ...traitsOf(schema, options) }
  return schema.optional ? { oneOf: [{ type: 'null' }, bare], ...place } : { ...bare, ...place }
}

function branches(union: StructSchema, options: ToJsonSchemaOptions): JsonTree[] {
  const types = union.fields.map(({ schema }, i) => toJsonSchema({ ...schema, optional: false }, options, i))
  return union.optional ? [{ type: 'null' }, ...types] : types
}

function shapeOf(schema: Schema, options: ToJsonSchemaOptions): JsonObject {
  switch (schema.type) {
    case 'boolean':
      return { type: 'boolean' }
    case 'string':
      return isEnum(schema) ? { enum: symbolsOf(schema) } : { type: 'string' }
    case 'bytes': {
      const isNumber = schema.name === LogicalName.DECIMAL && options.write.decimals === 'NUMERIC'
      return { type: isNumber ? 'number' : 'string', 'connect.type': 'bytes' }
    }
    case 'array':
      return { type: 'array', items: toJsonSchema(schema.items, options) }
    case 'map': {
      if (schema.keys.type === 'string' && !schema.keys.optional)
        return { type: 'object', additionalProperties: toJsonSchema(schema.values, options), 'connect.type': 'map' }
      const properties = { key: toJsonSchema(schema.keys, options, 0), value: toJsonSchema(schema.values, options, 1) }
      return { type: 'array', items: { type: 'object', properties }, 'connect.type': 'map' }
    }
    case 'struct': {
      const properties = Object.fromEntries(
        schema.fields.map(({ name, schema: field }, i) => [name, toJsonSchema(field, options, i)]),
      )
      return { type: 'object', properties, ...(!options.additionalProperties && { additionalProperties: false }) }
    }
    default:
      return { type: NUMBERS[schema.type], 'connect.type': schema.type }
  }
}

function traitsOf(schema: Schema, { write }: ToJsonSchemaOptions): JsonObject {
  const { name, version, doc } = schema
  const parameters = Object.entries(schema.parameters ?? {}).filter(([key]) => !isInternal(key))
  return {
    ...(name !== undefined && { title: name }),
    ...(doc !== undefined && { description: doc }),
    ...(version !== undefined && { 'connect.version': version }),
    ...(parameters.length > 0 && { 'connect.parameters': Object.fromEntries(parameters) }),
    ...(schema.default != null && { default: writeJson(schema, schema.default, write) }),
  }
}

function isEnum({ parameters }: Schema): boolean {
  return parameters !== undefined && Object.hasOwn(parameters, ENUM)
}

function symbolsOf({ parameters = {} }: Schema): (string | null)[] {
  const symbols = Object.keys(parameters).filter(key => key.startsWith(`${ENUM}.`))
  return symbols.map(key => key.slice(ENUM.length + 1)).map(symbol => (symbol === NULL_MARKER ? null : symbol))
}
