import { type ConnectValue, DataError, LogicalName, type Schema, type SchemaTraits, schema as schemas } from '../../api/data.ts'
import { AvroName, branchName, isUnion, UNNAMED, unionField } from './avro-names.ts'
import type { AvroOptions, AvroSchema } from './avro-schema.ts'
import { fromAvro } from './avro-value.ts'

const SIMPLE: Readonly<Record<string, (traits: SchemaTraits) => Schema>> = {
  int: schemas.int32,
  long: schemas.int64,
  float: schemas.float32,
  double: schemas.float64,
  boolean: schemas.boolean,
  string: schemas.string,
  bytes: schemas.bytes,
  fixed: schemas.bytes,
  enum: schemas.string,
}

const LOGICAL: Readonly<Record<string, string>> = {
  date: LogicalName.DATE,
  'time-millis': LogicalName.TIME,
  'timestamp-millis': LogicalName.TIMESTAMP,
}

type Members = Readonly<Record<string, unknown>>

/**
 * What an Avro schema means, its members `connect.…` included. Enums are texts and fixed ones bytes, with parameters that say so; a union of several types
 * besides null is a struct with one field for each.
 * @param references what it refers to, each after those that it refers to itself
 * @throws DataError for recursive records
 */
export function fromAvroSchema(avro: AvroSchema, references: readonly AvroSchema[], options: AvroOptions): Schema {
  const reader = new AvroSchemaReader(options)
  for (const reference of references) reader.read(reference, '')
  return reader.read(avro, '')
}

class AvroSchemaReader {
  readonly #options: AvroOptions
  /** Records and enums by full name; null = being read, so that it is recursive. */
  readonly #named = new Map<string, Schema | null>()

  constructor(options: AvroOptions) {
    this.#options = options
  }

  read(avro: AvroSchema, namespace: string, otherwise?: unknown): Schema {
    const isUnion = Array.isArray(avro)
    const branches: readonly AvroSchema[] = isUnion ? avro.filter(branch => branch !== 'null') : [avro as AvroSchema]
    const [only] = branches
    if (only === undefined) throw new DataError('an Avro type that is null and nothing else cannot be read')
    const schema = branches.length === 1 ? this.#single(only, namespace) : this.#union(branches, namespace)
    const optional = isUnion && branches.length < avro.length
    const json = otherwise ?? defaultOf(only)
    const value = json === null ? null : fromAvro(schema, revived(schema, json))
    if (!optional && value === null) return schema
    return Object.freeze({ ...schema, ...(optional && { optional }), ...(value !== null && { default: value }) })
  }

  #union(branches: readonly AvroSchema[], namespace: string): Schema {
    const fields = branches.map(branch => {
      const schema = this.#single(branch, namespace)
      return [unionField(schema, this.#options.enhanced), Object.freeze({ ...schema, optional: true })] as const
    })
    return schemas.struct(fields, { name: AvroName.UNION })
  }

  #single(avro: AvroSchema, namespace: string): Schema {
    if (typeof avro === 'string') return SIMPLE[avro]?.({}) ?? this.#reference(avro, namespace)
    const members = avro as Members
    const type = members.type as AvroSchema
    if (typeof type !== 'string') return this.#single(type, namespace)
    switch (type) {
      case 'array':
        return this.#array(members, namespace)
      case 'map':
        return schemas.map(schemas.string(), this.read(members.values as AvroSchema, namespace), traitsOf(members))
      case 'record':
        return this.#record(members, namespace)
      default:
        return this.#simple(type, members, namespace)
    }
  }

  #array(members: Members, namespace: string): Schema {
    const items = this.read(members.items as AvroSchema, namespace)
    if (items.type !== 'struct' || items.name !== AvroName.MAP_ENTRY) return schemas.array(items, traitsOf(members))
    const [key, value] = items.fields
    return schemas.map(key!.schema, value!.schema, traitsOf(members))
  }

  #record(members: Members, outer: string): Schema {
    const [fullName, namespace] = nameOf(members, outer)
    this.#named.set(fullName, null)
    const fields = (members.fields as readonly Members[]).map(field => {
      const schema = this.read(field.type as AvroSchema, namespace, field.default)
      const doc = typeof field.doc === 'string' && schema.doc === undefined ? { doc: field.doc } : {}
      return [String(field.name), Object.freeze({ ...schema, ...doc })] as const
    })
    const name = fullName === UNNAMED ? {} : { name: fullName }
    const schema = schemas.struct(fields, { ...name, ...traitsOf(members) })
    this.#named.set(fullName, schema)
    return schema
  }

  #simple(type: string, members: Members, namespace: string): Schema {
    const make = SIMPLE[type]
    if (make === undefined) return this.#reference(type, namespace)
    const fullName = type === 'enum' || type === 'fixed' ? nameOf(members, namespace)[0] : undefined
    const traits = { ...namedTraits(type, fullName, members), ...logicalTraits(members), ...traitsOf(members) }
    const narrow = members['connect.type']
    const schema = narrow === 'int8' || narrow === 'int16' ? schemas[narrow](traits) : make(traits)
    if (fullName !== undefined) this.#named.set(fullName, schema)
    return schema
  }

  #reference(name: string, namespace: string): Schema {
    const fullName = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
    const schema = this.#named.get(fullName)
    if (schema === null) throw new DataError(`the record ${fullName} contains itself, which cannot be read`)
    if (schema === undefined) throw new DataError(`the Avro type ${name} is not defined`)
    return schema
  }
}

/** Where it stands in no field, a default is said by the type. */
function defaultOf(avro: AvroSchema): unknown {
  return typeof avro === 'object' && 'connect.default' in avro ? (avro['connect.default'] ?? null) : null
}

function nameOf({ name, namespace }: Members, outer: string): readonly [fullName: string, namespace: string] {
  const simple = String(name)
  if (simple.includes('.')) return [simple, simple.slice(0, simple.lastIndexOf('.'))]
  const space = typeof namespace === 'string' ? namespace : outer
  return [space === '' ? simple : `${space}.${simple}`, space]
}

function traitsOf(members: Members): SchemaTraits {
  const { 'connect.name': name, 'connect.doc': doc, 'connect.version': version, 'connect.parameters': parameters } = members
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof doc === 'string' && { doc }),
    ...(typeof version === 'number' && { version }),
    ...(typeof parameters === 'object' && parameters !== null && { parameters: parameters as Readonly<Record<string, string>> }),
  }
}

function namedTraits(type: string, fullName: string | undefined, { symbols, size, doc }: Members): SchemaTraits {
  if (fullName === undefined) return {}
  if (type === 'fixed') return { name: fullName, parameters: { [AvroName.FIXED_SIZE]: String(size) } }
  const each = (symbols as readonly string[]).map(symbol => [`${AvroName.ENUM}.${symbol}`, symbol] as const)
  return {
    name: fullName,
    ...(typeof doc === 'string' && { doc }),
    parameters: { [AvroName.ENUM]: fullName, ...Object.fromEntries(each) },
  }
}

function logicalTraits({ logicalType, scale }: Members): SchemaTraits {
  if (logicalType === 'decimal') return { name: LogicalName.DECIMAL, version: 1, parameters: { scale: String(scale ?? 0) } }
  const name = LOGICAL[String(logicalType)]
  return name === undefined ? {} : { name, version: 1 }
}

/** A default's JSON as avsc would have read it: text stands for bytes. */
function revived(schema: Schema, json: unknown): unknown {
  switch (schema.type) {
    case 'bytes':
      return Buffer.from(String(json), 'latin1')
    case 'array':
      return (json as readonly unknown[]).map(item => revived(schema.items, item))
    case 'struct': {
      const [first] = schema.fields
      // The default of a union is one of its first type.
      if (isUnion(schema) && first !== undefined) return { [branchName(first.schema)]: revived(first.schema, json) }
      return Object.fromEntries(schema.fields.map(field => [field.name, revivedMember(field.schema, json, field.name)]))
    }
    case 'map':
      if (Array.isArray(json)) return json
      return Object.fromEntries(Object.entries(json as object).map(([key, value]) => [key, revived(schema.values, value)]))
    default:
      return json
  }
}

function revivedMember(schema: Schema, json: unknown, name: string): unknown {
  const value = (json as Readonly<Record<string, ConnectValue>>)[name] ?? null
  return value === null ? null : revived(schema, value)
}
