import { DataError, type Schema, type SchemaTraits, schema as schemas } from '../../api/data.ts'
import { isJsonObject, type JsonObject, type JsonTree } from '../json/json-text.ts'
import { readJson } from '../json/read-json.ts'
import type { JsonPointers } from './json-pointer.ts'
import { ENUM, NULL_MARKER, ONE_OF } from './names.ts'

export interface FromJsonSchemaOptions {
  readonly pointers: JsonPointers
  /** Whether every property that is not required may be left out; else only those of schemas that Connect did not write. */
  readonly optionalIfNotRequired: boolean
}

const NOT_READ = { replaceNullWithDefault: false, shapes: { unionName: ONE_OF } } as const

/**
 * What a JSON Schema means, its members `connect.…` included: the inverse of `toJsonSchema`, and schemas of other writers. Integers without a
 * `connect.type` are int64, numbers float64; enums are texts; `oneOf` and `anyOf` of several types are a struct with one field per type.
 * @throws DataError for what has no counterpart, with the path to it
 */
export function fromJsonSchema(json: JsonObject, options: FromJsonSchemaOptions): Schema {
  return new JsonSchemaReader(options).read(json, { document: '', path: '#' })
}

interface Place {
  readonly document: string
  readonly path: string
}

class JsonSchemaReader {
  readonly #options: FromJsonSchemaOptions
  /** Being read, so that to meet them again is recursion. */
  readonly #open = new Set<JsonObject>()

  constructor(options: FromJsonSchemaOptions) {
    this.#options = options
  }

  read(json: JsonObject, place: Place): Schema {
    if (this.#open.has(json)) throw new DataError(`the JSON Schema contains itself at ${place.path}, which cannot be read`)
    this.#open.add(json)
    const schema = this.#read(json, place)
    this.#open.delete(json)
    return schema
  }

  #read(json: JsonObject, place: Place): Schema {
    if (typeof json.$ref === 'string') {
      const { schema, document } = this.#options.pointers.resolve(json.$ref, place.document)
      return this.read(schema, { document, path: `${place.path} -> ${json.$ref}` })
    }
    const one = json.oneOf ?? json.anyOf
    if (Array.isArray(one) && json.properties === undefined) return this.#union(one, json, place)
    if (Array.isArray(json.type))
      return this.#union(
        json.type.map((type: JsonTree) => ({ ...json, type })),
        {},
        place,
      )
    const bare = Array.isArray(json.allOf) ? this.#all(json, place) : this.#shape(json, place)
    return withTraits(bare, json, place)
  }

  #union(types: readonly JsonTree[], json: JsonObject, place: Place): Schema {
    const objects = types.map((type, i) => objectAt(type, `${place.path}/oneOf/${i}`))
    const optional = objects.some(isNull)
    const branches = objects
      .filter(type => !isNull(type))
      .map((type, i) => this.read(type, { ...place, path: `${place.path}/oneOf/${i}` }))
    const [only] = branches
    if (only === undefined) throw new DataError(`the JSON Schema allows nothing but null at ${place.path}, which cannot be read`)
    if (branches.length === 1) return optional ? Object.freeze({ ...only, optional }) : only
    const fields = branches.map((branch, i) => [`${ONE_OF}.field.${i}`, Object.freeze({ ...branch, optional: true })] as const)
    return withTraits(schemas.struct(fields, { ...(optional && { optional }) }), { ...json, title: ONE_OF }, place)
  }

  /** Objects are joined; of others the first that says a type. */
  #all(json: JsonObject, place: Place): Schema {
    const { allOf, ...own } = json
    const parts = [own, ...(allOf as readonly JsonTree[]).map((part, i) => objectAt(part, `${place.path}/allOf/${i}`))]
    const read = parts.filter(saysType).map((part, i) => this.read(part, { ...place, path: `${place.path}/allOf/${i}` }))
    const structs = read.filter(schema => schema.type === 'struct')
    if (structs.length > 0) {
      const fields = new Map(structs.flatMap(schema => schema.fields.map(field => [field.name, field.schema] as const)))
      return schemas.struct(fields, traitsOf(json))
    }
    const [first] = read
    if (first === undefined) throw unknownType(place)
    return first
  }

  #shape(json: JsonObject, place: Place): Schema {
    if (json.const !== undefined) return enumOf([json.const])
    if (Array.isArray(json.enum)) return enumOf(json.enum)
    const connectType = json['connect.type']
    switch (json.type ?? (json.properties === undefined ? undefined : 'object')) {
      case 'boolean':
        return schemas.boolean()
      case 'integer':
        return numberOf(connectType, 'int64', place)
      case 'number':
        return numberOf(connectType, 'float64', place)
      case 'string':
        return connectType === 'bytes' ? schemas.bytes() : schemas.string()
      case 'array':
        return this.#array(json, place)
      case 'object':
        return this.#object(json, place)
      default:
        throw unknownType(place)
    }
  }

  #array(json: JsonObject, place: Place): Schema {
    const at = { ...place, path: `${place.path}/items` }
    const items = objectAt(json.items ?? null, at.path)
    if (json['connect.type'] !== 'map') return schemas.array(this.read(items, at))
    const properties = objectAt(items.properties ?? null, `${at.path}/properties`)
    const [keys, values] = ['key', 'value'].map(name => this.read(objectAt(properties[name] ?? null, `${at.path}/${name}`), at))
    return schemas.map(keys as Schema, values as Schema)
  }

  #object(json: JsonObject, place: Place): Schema {
    const { properties, additionalProperties: others } = json
    if (json['connect.type'] === 'map' || (properties === undefined && others !== undefined && isJsonObject(others))) {
      const at = { ...place, path: `${place.path}/additionalProperties` }
      return schemas.map(schemas.string(), this.read(objectAt(others ?? null, at.path), at))
    }
    const required = Array.isArray(json.required) ? json.required : []
    const fields = Object.entries(objectAt(properties ?? {}, `${place.path}/properties`)).map(([name, property]) => {
      const at = { ...place, path: `${place.path}/properties/${name}` }
      const object = objectAt(property, at.path)
      const schema = this.read(object, at)
      const index = object['connect.index']
      const isForeign = typeof index !== 'number'
      const mayMiss = !required.includes(name) && (isForeign || this.#options.optionalIfNotRequired)
      return {
        index: isForeign ? undefined : index,
        field: [name, mayMiss ? Object.freeze({ ...schema, optional: true }) : schema] as const,
      }
    })
    return schemas.struct(
      fields
        .map((entry, i) => ({ ...entry, index: entry.index ?? i }))
        .toSorted((a, b) => a.index - b.index)
        .map(entry => entry.field),
    )
  }
}

function numberOf(connectType: JsonTree | undefined, otherwise: 'int64' | 'float64', { path }: Place): Schema {
  switch (connectType) {
    case undefined:
      return schemas[otherwise]()
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float32':
    case 'float64':
    case 'bytes':
      return schemas[connectType]()
    default:
      throw new DataError(`the JSON Schema has the connect.type ${JSON.stringify(connectType)} at ${path}, which is not known`)
  }
}

function enumOf(values: readonly JsonTree[]): Schema {
  const symbols = values.map(value => (value === null ? NULL_MARKER : typeof value === 'string' ? value : JSON.stringify(value)))
  const optional = values.includes(null)
  const parameters = Object.fromEntries([[ENUM, ''], ...symbols.map(symbol => [`${ENUM}.${symbol}`, symbol] as const)])
  const types = new Set(values.filter(value => value !== null).map(value => typeof value))
  if (types.size === 1 && types.has('number')) return values.every(Number.isSafeInteger) ? schemas.int64() : schemas.float64()
  if (types.size === 1 && types.has('boolean')) return schemas.boolean()
  if (types.size !== 1 || !types.has('string'))
    throw new DataError(`the JSON Schema has an enum of several types, which cannot be read: ${symbols}`)
  return schemas.string({ parameters, ...(optional && { optional }) })
}

function withTraits(bare: Schema, json: JsonObject, { path }: Place): Schema {
  const schema = { ...bare, ...traitsOf(json), ...joinedParameters(bare, json) }
  if (json.default === undefined || json.default === null) return Object.freeze(schema)
  return Object.freeze({ ...schema, default: readJson(schema, json.default, NOT_READ, `${path}/default`) })
}

function traitsOf(json: JsonObject): SchemaTraits {
  const version = json['connect.version']
  return {
    ...(typeof json.title === 'string' && { name: json.title }),
    ...(typeof version === 'number' && { version }),
    ...(typeof json.description === 'string' && { doc: json.description }),
  }
}

function joinedParameters({ parameters }: Schema, json: JsonObject): Pick<SchemaTraits, 'parameters'> {
  const own = json['connect.parameters']
  if (own === undefined || !isJsonObject(own)) return {}
  return { parameters: { ...parameters, ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])) } }
}

function isNull(json: JsonObject): boolean {
  return json.type === 'null' || json.const === null
}

function saysType(json: JsonObject): boolean {
  return ['type', 'properties', '$ref', 'enum', 'const', 'oneOf', 'anyOf', 'allOf'].some(member => json[member] !== undefined)
}

function objectAt(json: JsonTree, path: string): JsonObject {
  if (isJsonObject(json)) return json
  throw new DataError(`the JSON Schema has no schema at ${path}, where one must be`)
}

function unknownType({ path }: Place): DataError {
  return new DataError(
    `the JSON Schema does not say what type is at ${path}; boolean, integer, number, string, array or object can be read`,
  )
}
