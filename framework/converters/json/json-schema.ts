import { DataError, type Schema, type SchemaTraits, type SchemaType, schema as schemas } from '../../api/data.ts'
import type { JsonObject, JsonTree } from './json-text.ts'
import { readJson } from './read-json.ts'
import { writeJson } from './write-json.ts'

/** A schema as the envelope says it. Members come in Java's order. */
export function schemaToJson(schema: Schema): JsonObject {
  const { optional, name, version, doc, parameters } = schema
  return {
    type: JSON_NAMES[schema.type] ?? schema.type,
    ...innerToJson(schema),
    optional: optional ?? false,
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(doc !== undefined && { doc }),
    ...(parameters !== undefined && { parameters }),
    ...(schema.default != null && { default: writeJson(schema, schema.default, WRITE_DEFAULT) }),
  }
}

/** @throws DataError that names what is missing, and where */
export function schemaFromJson(json: JsonTree, path = 'schema'): Schema {
  const object = objectOf(json, path)
  const bare = fromInner(object, path)
  const traits: SchemaTraits = { ...traitsOf(object, path) }
  const schema = { ...bare, ...traits } as Schema
  if (object.default === undefined || object.default === null) return Object.freeze(schema)
  return Object.freeze({ ...schema, default: readJson(schema, object.default, READ_DEFAULT, `${path}.default`) })
}

const JSON_NAMES: Partial<Record<SchemaType, string>> = { float32: 'float', float64: 'double' }
const WRITE_DEFAULT = { decimals: 'BASE64', replaceNullWithDefault: false } as const
const READ_DEFAULT = { replaceNullWithDefault: false } as const

function innerToJson(schema: Schema): JsonObject {
  switch (schema.type) {
    case 'array':
      return { items: schemaToJson(schema.items) }
    case 'map':
      return { keys: schemaToJson(schema.keys), values: schemaToJson(schema.values) }
    case 'struct':
      return { fields: schema.fields.map(field => ({ ...schemaToJson(field.schema), field: field.name })) }
    default:
      return {}
  }
}

function fromInner(json: JsonObject, path: string): Schema {
  switch (json.type) {
    case 'float':
      return schemas.float32()
    case 'double':
      return schemas.float64()
    case 'boolean':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'bytes':
    case 'string':
      return schemas[json.type]()
    case 'array':
      return schemas.array(schemaFromJson(json.items ?? null, `${path}.items`))
    case 'map':
      return schemas.map(schemaFromJson(json.keys ?? null, `${path}.keys`), schemaFromJson(json.values ?? null, `${path}.values`))
    case 'struct':
      return schemas.struct(fieldsOf(json, path))
    default:
      throw new DataError(
        `${path}.type is ${JSON.stringify(json.type ?? null)}; it must be one of boolean, int8, int16, int32, int64, float, double, bytes, string, array, map, struct`,
      )
  }
}

function fieldsOf({ fields }: JsonObject, path: string): [string, Schema][] {
  if (!Array.isArray(fields)) throw new DataError(`${path}.fields is missing; a struct has a list of fields`)
  return fields.map((field: JsonTree, i) => {
    const at = `${path}.fields[${i}]`
    const name = objectOf(field, at).field
    if (typeof name !== 'string') throw new DataError(`${at}.field is missing; every field of a struct has its name there`)
    return [name, schemaFromJson(field, at)]
  })
}

function traitsOf({ optional, name, version, doc, parameters }: JsonObject, path: string): SchemaTraits {
  return {
    ...(optional === true && { optional }),
    ...(typeof name === 'string' && { name }),
    ...(typeof version === 'number' && { version }),
    ...(typeof doc === 'string' && { doc }),
    ...(parameters != null && { parameters: parametersOf(parameters, `${path}.parameters`) }),
  }
}

function parametersOf(json: JsonTree, path: string): Record<string, string> {
  const entries = Object.entries(objectOf(json, path)).map(([key, value]) => {
    if (typeof value !== 'string') throw new DataError(`${path}.${key} is not a string; the parameters of a schema are`)
    return [key, value] as const
  })
  return Object.fromEntries(entries)
}

function objectOf(json: JsonTree, path: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new DataError(`${path} must be a JSON object`)
  return json as JsonObject
}
