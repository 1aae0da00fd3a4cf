import {
  DataError,
  type MapSchema,
  memberOf,
  type Schema,
  type SchemaField,
  type Struct,
  type StructSchema,
} from '../../api/data.ts'
import { isJsonObject, type JsonTree } from './json-text.ts'

/** Where Confluent's JSON Schema writes JSON otherwise than Kafka's JsonConverter: maps without text keys are lists of `{key, value}`. */
export interface JsonShapes {
  /** Structs of this name are unions: their one field that is not null is what is written. */
  readonly unionName: string
}

/** Kafka's converter looks at the type of the keys alone. */
export function isObjectMap({ keys }: MapSchema, shapes: JsonShapes | undefined): boolean {
  return keys.type === 'string' && (shapes === undefined || keys.optional !== true)
}

export function isUnion(schema: StructSchema, shapes: JsonShapes | undefined): boolean {
  return shapes !== undefined && schema.name === shapes.unionName
}

/** The field of a union that is not null. @throws DataError when all are */
export function chosenBranch(union: StructSchema, value: Struct): readonly [name: string, schema: Schema] {
  const field = union.fields.find(({ name }) => memberOf(value, name) != null)
  if (field === undefined) throw new DataError(`one of ${union.fields.map(({ name }) => name).join(', ')} must have a value`)
  return [field.name, field.schema]
}

/** The branches of a union in the order in which they are tried. */
export function branchesFor(union: StructSchema, json: JsonTree): readonly SchemaField[] {
  if (!isJsonObject(json)) return union.fields
  const shared = ({ schema }: SchemaField) =>
    schema.type === 'struct' ? schema.fields.filter(({ name }) => Object.hasOwn(json, name)).length : 0
  return union.fields.toSorted((a, b) => shared(b) - shared(a))
}

/** The entries of a map whose keys are not text. @throws DataError */
export function entryList(json: JsonTree, shapes: JsonShapes | undefined, path: string): (readonly [JsonTree, JsonTree])[] {
  const entry = shapes === undefined ? '[key, value] pair' : '{key, value} object'
  if (!Array.isArray(json)) throw new DataError(`${path} must be a list of ${entry}s, since its keys are not strings`)
  return json.map((item: JsonTree, i) => {
    if (shapes === undefined && Array.isArray(item) && item.length === 2) return [item[0], item[1]]
    if (shapes !== undefined && isJsonObject(item) && Object.keys(item).length === 2)
      return [item.key ?? null, item.value ?? null]
    throw new DataError(`${path}[${i}] must be a ${entry}`)
  })
}
