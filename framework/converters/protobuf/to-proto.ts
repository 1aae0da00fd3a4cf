import { DataError, LogicalName, type MapSchema, type Schema, type StructSchema } from '../../api/data.ts'
import { entryName, PRECISION_PARAMETER, ProtoMessage, ProtoName, protoName, UNNAMED } from './names.ts'
import { WRAPPERS_IMPORT, WRAPPERS_TEXT, wrapperFor } from './wrappers.ts'

export interface ProtoOptions {
  /** `keyword`: proto3's `optional`; `wrapper`: messages of one value; `none`: a null is read as zero. */
  readonly nullables: 'keyword' | 'wrapper' | 'none'
  readonly scrubsNames: boolean
}

export interface ProtoFile {
  readonly text: string
  /** The full name of its message. */
  readonly message: string
}

const LOGICAL: Readonly<Record<string, readonly [message: string, file: string]>> = {
  [LogicalName.DECIMAL]: [ProtoMessage.DECIMAL, 'confluent/type/decimal.proto'],
  [LogicalName.DATE]: [ProtoMessage.DATE, 'google/type/date.proto'],
  [LogicalName.TIME]: [ProtoMessage.TIME, 'google/type/timeofday.proto'],
  [LogicalName.TIMESTAMP]: [ProtoMessage.TIMESTAMP, 'google/protobuf/timestamp.proto'],
}

const SCALARS = {
  int8: 'int32',
  int16: 'int32',
  int32: 'int32',
  int64: 'int64',
  float32: 'float',
  float64: 'double',
  boolean: 'bool',
  string: 'string',
  bytes: 'bytes',
} as const

/**
 * A schema as a .proto file of one message, as Confluent's ProtobufConverter writes it (docs.confluent.io, "Protobuf Serializer"; its class ProtobufData):
 * logical types are messages of their own, maps lists of entries, unions a oneof, and what Protobuf has no word for stands in `confluent.field_meta`.
 * The file of that option is not imported, as in Confluent's, so that it is the same schema to a registry.
 * @throws DataError for what Protobuf cannot say
 */
export function toProto(schema: Schema, options: ProtoOptions): ProtoFile {
  if (schema.type === 'struct') return new ProtoWriter(options).file(schema)
  const wrapper = LOGICAL[schema.name ?? ''] === undefined ? wrapperFor(schema) : undefined
  if (wrapper !== undefined) return { text: WRAPPERS_TEXT, message: wrapper }
  throw new DataError(
    `Protobuf needs a struct or a plain value, and this is ${schema.name ?? schema.type}; put it into a struct with HoistField`,
  )
}

/** What a message being written holds so far. */
interface MessageScope {
  readonly structs: Map<string, StructSchema>
  readonly definitions: string[]
  readonly enums: string[]
  readonly tags: Set<number>
}

class ProtoWriter {
  readonly #options: ProtoOptions
  readonly #imports = new Set<string>()
  #unnamed = 0

  constructor(options: ProtoOptions) {
    this.#options = options
  }

  file(schema: StructSchema): ProtoFile {
    const parts = (schema.name ?? this.#nextName()).split('.').map(part => this.#name(part))
    const message = this.#message(parts.at(-1) as string, schema)
    const space = parts.slice(0, -1).join('.')
    const imports = [...this.#imports].map(file => `import "${file}";`)
    const lines = ['syntax = "proto3";', ...(space === '' ? [] : [`package ${space};`]), ...imports, '', message, '']
    return { text: lines.join('\n'), message: parts.join('.') }
  }

  #message(name: string, { fields }: StructSchema): string {
    const scope: MessageScope = { structs: new Map(), definitions: [], enums: [], tags: reservedTags(fields) }
    const lines = fields.map(({ name: field, schema }) =>
      isUnion(schema) ? this.#oneof(schema, scope) : this.#field(this.#name(field), schema, scope, this.#label(schema)),
    )
    // Fields, oneofs, messages, enums: as Confluent prints them.
    const oneofs = lines.filter((_line, i) => isUnion(fields[i]?.schema as Schema))
    const plain = lines.filter(line => !oneofs.includes(line))
    return block(`message ${name}`, [...plain, ...oneofs, ...scope.definitions, ...scope.enums])
  }

  #oneof(union: StructSchema, scope: MessageScope): string {
    const name = this.#name(simpleName(union.name?.slice(ProtoName.UNION.length) ?? ''))
    return block(
      `oneof ${name}`,
      union.fields.map(field => this.#field(this.#name(field.name), field.schema, scope, '')),
    )
  }

  #field(name: string, schema: Schema, scope: MessageScope, label: string): string {
    const meta: [string, string][] = []
    const inner = schema.type === 'array' ? schema.items : schema
    if (schema.type === 'array' && (inner.type === 'array' || inner.type === 'map' || isUnion(inner)))
      throw new DataError(
        `Protobuf has no list of ${inner.type === 'struct' ? 'unions' : `${inner.type}s`}, as ${name} is; put the inner one into a struct`,
      )
    const type = this.#type(name, inner, scope, meta, schema.type !== 'array')
    const params = meta.map(([key, value]) => `{ key: "${key}", value: "${value}" }`).join(', ')
    const options = params === '' ? '' : ` [(confluent.field_meta) = { params: [${params}] }]`
    return `${label}${type} ${name} = ${tagOf(schema, scope)}${options};`
  }

  #type(name: string, schema: Schema, scope: MessageScope, meta: [string, string][], mayWrap: boolean): string {
    const logical = LOGICAL[schema.name ?? '']
    if (logical !== undefined) {
      const { [PRECISION_PARAMETER]: precision, scale } = schema.parameters ?? {}
      if (precision !== undefined) meta.push(['precision', precision])
      if (scale !== undefined) meta.push(['scale', scale])
      this.#imports.add(logical[1])
      return logical[0]
    }
    if (schema.type === 'struct') return this.#struct(name, schema, scope)
    if (schema.type === 'map') return this.#map(schema, scope)
    const enumName = schema.parameters?.[ProtoName.ENUM]
    if (enumName !== undefined) return this.#enum(simpleName(enumName), schema, scope)
    if (schema.type === 'int8' || schema.type === 'int16') meta.push(['connect.type', schema.type])
    if (mayWrap && this.#options.nullables === 'wrapper' && schema.optional) {
      this.#imports.add(WRAPPERS_IMPORT)
      return wrapperFor(schema) as string
    }
    return schema.parameters?.[ProtoName.TYPE] ?? SCALARS[schema.type as keyof typeof SCALARS]
  }

  #struct(field: string, schema: StructSchema, scope: MessageScope): string {
    const own = this.#name(simpleName(schema.name ?? this.#nextName()))
    const name = own === field ? `${own}Message` : own
    const known = scope.structs.get(name)
    if (known !== undefined && sameText(known) !== sameText(schema))
      throw new DataError(`two different structs are named ${name}; Protobuf needs another name for one of them`)
    if (known === undefined) {
      scope.structs.set(name, schema)
      scope.definitions.push(this.#message(name, schema))
    }
    return name
  }

  /** Protobuf's own maps have keys of few types; a list of entries is the same in bytes. */
  #map(schema: MapSchema, scope: MessageScope): string {
    if (schema.values.type === 'array' || schema.values.type === 'map' || isUnion(schema.values))
      throw new DataError(`Protobuf has no map of ${schema.values.type}s; put the values into a struct`)
    const name = entryName(this.#name(simpleName(schema.name ?? this.#nextName())))
    const entry: MessageScope = { structs: new Map(), definitions: [], enums: [], tags: new Set() }
    const side = (field: string, type: Schema) =>
      this.#field(field, { ...type, parameters: withoutTag(type) }, entry, this.#label(type))
    const lines = [side('key', schema.keys), side('value', schema.values)]
    scope.definitions.push(block(`message ${name}`, [...lines, ...entry.definitions, ...entry.enums]))
    return name
  }

  #enum(name: string, { parameters = {} }: Schema, scope: MessageScope): string {
    const prefix = `${ProtoName.ENUM}.`
    const symbols = Object.entries(parameters).filter(([key]) => key.startsWith(prefix))
    const lines = symbols
      .toSorted(([, a], [, b]) => Number(a) - Number(b))
      .map(([key, number]) => `${this.#name(key.slice(prefix.length))} = ${number};`)
    const definition = block(`enum ${this.#name(name)}`, lines)
    if (!scope.enums.includes(definition)) scope.enums.push(definition)
    return name
  }

  #label(schema: Schema): string {
    if (schema.type === 'array' || schema.type === 'map') return 'repeated '
    return schema.optional && this.#options.nullables === 'keyword' ? 'optional ' : ''
  }

  #name(name: string): string {
    return protoName(name, this.#options.scrubsNames)
  }

  #nextName(): string {
    this.#unnamed += 1
    return UNNAMED + this.#unnamed
  }
}

/** Whether it is a oneof, whose fields stand in the message itself. */
export function isUnion(schema: Schema): schema is StructSchema {
  return schema.type === 'struct' && schema.name?.startsWith(ProtoName.UNION) === true
}

function block(head: string, members: readonly string[]): string {
  return `${head} {\n${members.map(member => `  ${member.replaceAll('\n', '\n  ')}\n`).join('')}}`
}

/** The numbers that schemas read from Protobuf keep. */
function reservedTags(fields: StructSchema['fields']): Set<number> {
  const schemas = fields.flatMap(({ schema }) => (isUnion(schema) ? schema.fields.map(field => field.schema) : [schema]))
  return new Set(schemas.map(({ parameters }) => Number(parameters?.[ProtoName.TAG])).filter(tag => !Number.isNaN(tag)))
}

function tagOf({ parameters }: Schema, { tags }: MessageScope): number {
  const own = parameters?.[ProtoName.TAG]
  if (own !== undefined) return Number(own)
  let next = 1
  while (tags.has(next) || (next >= 19_000 && next < 20_000)) next += 1
  tags.add(next)
  return next
}

function withoutTag({ parameters }: Schema): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters ?? {}).filter(([key]) => key !== ProtoName.TAG))
}

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** Whether it may be null, its default and its number belong to where a struct stands, not to the struct. */
function sameText({ fields }: StructSchema): string {
  return JSON.stringify(fields, (_key, value) => (typeof value === 'bigint' ? String(value) : value))
}
