import { type ConnectValue, DataError, LogicalName, type Schema, type StructSchema } from '../../api/data.ts'
import { AvroName, isUnion, UNNAMED } from './avro-names.ts'
import { toAvroDefault } from './avro-value.ts'

/** An Avro schema as JSON. */
export type AvroSchema = string | readonly AvroSchema[] | AvroObject

export interface AvroOptions {
  /** Whether enums are written as such, and the fields of a union's struct have the full names of their types. */
  readonly enhanced: boolean
}

export interface AvroObject {
  readonly type: AvroSchema
  readonly [member: string]: unknown
}

const PRIMITIVES = {
  int8: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  float32: 'float',
  float64: 'double',
  boolean: 'boolean',
  string: 'string',
  bytes: 'bytes',
} as const

const LOGICAL: Readonly<Record<string, string>> = {
  [LogicalName.DECIMAL]: 'decimal',
  [LogicalName.DATE]: 'date',
  [LogicalName.TIME]: 'time-millis',
  [LogicalName.TIMESTAMP]: 'timestamp-millis',
}

/**
 * A schema as Avro, as Confluent's AvroConverter writes it: what Avro has no word for stands in members `connect.…`.
 * @throws DataError for names that Avro does not allow
 */
export function toAvroSchema(schema: Schema, options: AvroOptions): AvroSchema {
  return new AvroSchemaWriter(options).write(schema)
}

class AvroSchemaWriter {
  readonly #options: AvroOptions
  /** Avro lets a record be defined once; after that its name stands for it. */
  readonly #records = new Map<string, StructSchema>()
  /** Enums and fixed ones likewise. */
  readonly #named = new Set<string>()

  constructor(options: AvroOptions) {
    this.#options = options
  }

  write(schema: Schema): AvroSchema {
    if (isUnion(schema)) return this.#union(schema)
    const bare = this.#bare(schema)
    if (!schema.optional) return bare
    // The default of a union is one of its first branch.
    return schema.default == null ? ['null', bare] : [bare, 'null']
  }

  #bare(schema: Schema): AvroSchema {
    switch (schema.type) {
      case 'array':
        return { type: 'array', items: this.write(schema.items), ...connectMembers(schema) }
      case 'map':
        return this.#map(schema.keys, schema.values, connectMembers(schema))
      case 'struct':
        return this.#record(schema)
      default: {
        const named = this.#namedType(schema)
        if (named !== undefined) return named
        const type = PRIMITIVES[schema.type]
        const members = { ...logicalMembers(schema), ...connectMembers(schema) }
        const narrow = schema.type === 'int8' || schema.type === 'int16' ? { 'connect.type': schema.type } : {}
        return Object.keys({ ...members, ...narrow }).length === 0 ? type : { type, ...narrow, ...members }
      }
    }
  }

  #union(schema: StructSchema): AvroSchema {
    const branches = schema.fields.map(field => this.#bare(field.schema))
    return schema.optional ? ['null', ...branches] : branches
  }

  /** An enum or a fixed, which other writers have and whose schema keeps it in parameters; defined once, after that its name stands for it. */
  #namedType(schema: Schema): AvroSchema | undefined {
    const { parameters, name } = schema
    const isFixed =
      schema.type === 'bytes' && parameters?.[AvroName.FIXED_SIZE] !== undefined && schema.name !== LogicalName.DECIMAL
    const fullName = schema.type === 'string' && this.#options.enhanced ? parameters?.[AvroName.ENUM] : isFixed ? name : undefined
    if (fullName === undefined || parameters === undefined) return undefined
    if (this.#named.has(fullName)) return fullName
    this.#named.add(fullName)
    const shape = isFixed
      ? { type: 'fixed', size: Number(parameters[AvroName.FIXED_SIZE]) }
      : { type: 'enum', symbols: symbolsOf(parameters) }
    return { ...shape, ...avroNames(fullName), ...connectMembers(schema) }
  }

  /** Avro's maps have text keys; others are a list of entries. */
  #map(keys: Schema, values: Schema, members: object): AvroSchema {
    if (keys.type === 'string' && !keys.optional) return { type: 'map', values: this.write(values), ...members }
    const entry: StructSchema = {
      type: 'struct',
      name: AvroName.MAP_ENTRY,
      fields: [
        { name: 'key', schema: keys },
        { name: 'value', schema: values },
      ],
    }
    return { type: 'array', items: this.#record(entry), ...members }
  }

  #record(schema: StructSchema): AvroSchema {
    const fullName = schema.name ?? UNNAMED
    const known = this.#records.get(fullName)
    if (known !== undefined) {
      if (sameText(known) === sameText(schema)) return fullName
      throw new DataError(`two different structs are named ${fullName}; Avro needs another name for one of them`)
    }
    this.#records.set(fullName, schema)
    const fields = schema.fields.map(({ name, schema: field }) => ({
      name: checked(name),
      type: this.write(field),
      ...defaultMember(field),
    }))
    return {
      type: 'record',
      ...avroNames(fullName),
      fields,
      ...(fullName !== AvroName.MAP_ENTRY && connectMembers(schema)),
    }
  }
}

/** Whether it may be null, and its default, belong to where a record stands, not to the record. */
function sameText({ optional: _optional, default: _default, ...schema }: StructSchema): string {
  return JSON.stringify(schema, (_key, value) => (typeof value === 'bigint' ? String(value) : value))
}

function avroNames(fullName: string): { readonly name: string; readonly namespace?: string } {
  const dot = fullName.lastIndexOf('.')
  return { name: checked(fullName.slice(dot + 1)), ...(dot > 0 && { namespace: fullName.slice(0, dot) }) }
}

function symbolsOf(parameters: Readonly<Record<string, string>>): readonly string[] {
  const prefix = `${AvroName.ENUM}.`
  return Object.keys(parameters)
    .filter(key => key.startsWith(prefix))
    .map(key => key.slice(prefix.length))
}

function checked(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new DataError(
    `Avro does not allow the name ${JSON.stringify(name)}: letters, digits and _ only, no digit first; rename it with ReplaceField`,
  )
}

function defaultMember(schema: Schema): { readonly default?: unknown } {
  if (schema.default != null) return { default: toAvroDefault(schema, schema.default as ConnectValue) }
  return schema.optional ? { default: null } : {}
}

function connectMembers(schema: Schema): Record<string, unknown> {
  const { name, version, doc, parameters } = schema
  return {
    ...(schema.default != null && { 'connect.default': toAvroDefault(schema, schema.default) }),
    ...(doc !== undefined && { 'connect.doc': doc }),
    ...(version !== undefined && { 'connect.version': version }),
    ...(parameters !== undefined && { 'connect.parameters': parameters }),
    ...(name !== undefined && { 'connect.name': name }),
  }
}

function logicalMembers({ name, parameters }: Schema): Record<string, unknown> {
  const logicalType = LOGICAL[name ?? '']
  if (logicalType === undefined) return {}
  return { logicalType, ...(logicalType === 'decimal' && { precision: 64, scale: Number(parameters?.scale ?? 0) }) }
}
