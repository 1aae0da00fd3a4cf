import { DataError, type Schema, type SchemaTraits, schema as schemas } from '../../api/data.ts'
import { mapName, PRECISION_PARAMETER, ProtoMessage, ProtoName } from './names.ts'
import type { Field, OneOf, Type } from './protobufjs.ts'
import { isWrapper } from './wrappers.ts'

export interface FromProtoOptions {
  /** `keyword`: what has presence may be null; `wrapper`: messages of one value; `none`: every field may. */
  readonly nullables: 'keyword' | 'wrapper' | 'none'
  /** Whether structs have their full names, packages included. */
  readonly fullNames: boolean
  /** Whether the name of the struct of a oneof ends with its index. */
  readonly unionIndexes: boolean
}

/**
 * What a message means, its `confluent.field_meta` included: the inverse of `toProto`, and messages of other writers. Each field has the parameter of its
 * number, so that it keeps it when it is written again. Oneofs come first, each a struct with one field not null.
 * @throws DataError for messages that contain themselves
 */
export function fromProto(type: Type, options: FromProtoOptions): Schema {
  if (isWrapper(type.fullName.slice(1))) return scalarSchema(type.fieldsArray[0] as Field, {})
  return new ProtoReader(options).message(type, {})
}

class ProtoReader {
  readonly #options: FromProtoOptions
  /** Being read, so that to meet them again is recursion. */
  readonly #open = new Set<Type>()

  constructor(options: FromProtoOptions) {
    this.#options = options
  }

  message(type: Type, traits: SchemaTraits): Schema {
    if (this.#open.has(type)) throw new DataError(`the message ${type.fullName.slice(1)} contains itself, which cannot be read`)
    this.#open.add(type)
    const unions = oneofsOf(type).map((oneof, i) => [unionField(oneof, i, this.#options), this.#union(oneof)] as const)
    const plain = type.fieldsArray.filter(field => unionOf(field) === undefined)
    const schema = schemas.struct([...unions, ...plain.map(field => [field.name, this.field(field)] as const)], {
      ...traits,
      name: this.#nameOf(type),
    })
    this.#open.delete(type)
    return schema
  }

  field(field: Field): Schema {
    const traits: SchemaTraits = {
      ...(this.#isOptional(field) && { optional: true }),
      parameters: { [ProtoName.TAG]: String(field.id) },
    }
    if (!field.repeated) return this.#single(field, traits)
    const entry = entryOf(field)
    if (entry === undefined) return schemas.array(this.#single(field, { optional: true }), traits)
    const side = (name: string) => this.field(entry.fields[name] as Field)
    return schemas.map(side('key'), side('value'), { ...traits, name: mapName(this.#nameOf(entry)) })
  }

  #single(field: Field, traits: SchemaTraits): Schema {
    const { resolvedType } = field
    if (resolvedType === null) return scalarSchema(field, traits)
    if (!('fieldsArray' in resolvedType)) {
      const name = resolvedType.name
      const symbols = Object.entries(resolvedType.values).map(([symbol, number]) => [
        `${ProtoName.ENUM}.${symbol}`,
        String(number),
      ])
      const parameters = { ...traits.parameters, [ProtoName.ENUM]: name, ...Object.fromEntries(symbols) }
      return schemas.string({ ...traits, name: this.#nameOf(resolvedType), parameters })
    }
    const fullName = resolvedType.fullName.slice(1)
    if (this.#options.nullables === 'wrapper' && isWrapper(fullName))
      return scalarSchema(resolvedType.fieldsArray[0] as Field, { ...traits, optional: true })
    return logicalSchema(fullName, field, traits) ?? this.message(resolvedType, traits)
  }

  #union(oneof: OneOf): Schema {
    const name = this.#options.fullNames ? oneof.fullName.slice(1) : oneof.name
    return schemas.struct(
      oneof.fieldsArray.map(field => [field.name, Object.freeze({ ...this.field(field), optional: true })] as const),
      { name: ProtoName.UNION + name, optional: true },
    )
  }

  /** Messages and lists may always be left out. */
  #isOptional(field: Field): boolean {
    if (this.#options.nullables === 'none' || field.repeated) return true
    if (field.resolvedType !== null) return !('values' in field.resolvedType) || hasPresence(field)
    return this.#options.nullables === 'keyword' && hasPresence(field)
  }

  #nameOf({ name, fullName }: { readonly name: string; readonly fullName: string }): string {
    return this.#options.fullNames ? fullName.slice(1) : name
  }
}

/** The oneofs of a message but those that stand for a single optional field. */
export function oneofsOf(type: Type): readonly OneOf[] {
  return type.oneofsArray.filter(oneof => !oneof.isProto3Optional)
}

export function unionField(oneof: OneOf, index: number, { unionIndexes }: Pick<FromProtoOptions, 'unionIndexes'>): string {
  return unionIndexes ? `${oneof.name}_${index}` : oneof.name
}

export function unionOf({ partOf }: Field): OneOf | undefined {
  return partOf === null || partOf === undefined || partOf.isProto3Optional ? undefined : partOf
}

/** Whether its absence can be told from zero. */
export function hasPresence(field: Field): boolean {
  return Boolean(field.hasPresence) && !field.required
}

/** The message of the entries of a map: by its name and fields, as protoc writes it. */
export function entryOf({ repeated, resolvedType }: Field): Type | undefined {
  if (!repeated || resolvedType === null || !('fieldsArray' in resolvedType) || !resolvedType.name.endsWith('Entry'))
    return undefined
  const [key, value, ...others] = resolvedType.fieldsArray
  const isEntry = key?.name === 'key' && value?.name === 'value' && others.length === 0 && !key.repeated && !value.repeated
  return isEntry ? resolvedType : undefined
}

const INTEGERS: Readonly<Record<string, 'int32' | 'int64'>> = {
  int32: 'int32',
  sint32: 'int32',
  sfixed32: 'int32',
  uint32: 'int64',
  fixed32: 'int64',
  int64: 'int64',
  sint64: 'int64',
  sfixed64: 'int64',
  uint64: 'int64',
  fixed64: 'int64',
}

function scalarSchema(field: Field, traits: SchemaTraits): Schema {
  const integer = INTEGERS[field.type]
  if (integer !== undefined) {
    const narrow = metaOf(field)['connect.type']
    if (integer === 'int32' && (narrow === 'int8' || narrow === 'int16')) return schemas[narrow](traits)
    if (field.type === integer) return schemas[integer](traits)
    return schemas[integer]({ ...traits, parameters: { ...traits.parameters, [ProtoName.TYPE]: field.type } })
  }
  switch (field.type) {
    case 'float':
      return schemas.float32(traits)
    case 'double':
      return schemas.float64(traits)
    case 'bool':
      return schemas.boolean(traits)
    case 'string':
      return schemas.string(traits)
    default:
      return schemas.bytes(traits)
  }
}

function logicalSchema(message: string, field: Field, traits: SchemaTraits): Schema | undefined {
  switch (message) {
    case ProtoMessage.DATE:
      return Object.freeze({ ...schemas.date(), ...traits })
    case ProtoMessage.TIME:
      return Object.freeze({ ...schemas.time(), ...traits })
    case ProtoMessage.TIMESTAMP:
      return Object.freeze({ ...schemas.timestamp(), ...traits })
    case ProtoMessage.DECIMAL: {
      const { precision, scale = '0' } = metaOf(field)
      const own = { scale, ...(precision !== undefined && { [PRECISION_PARAMETER]: precision }) }
      return Object.freeze({ ...schemas.decimal(0), ...traits, parameters: { ...own, ...traits.parameters } })
    }
    default:
      return undefined
  }
}

interface FieldMeta {
  readonly '(confluent.field_meta)'?: { readonly params?: readonly Param[] | Param }
}

interface Param {
  readonly key: string
  readonly value: string
}

/** `[(confluent.field_meta) = { params: [{ key: …, value: … }] }]` */
function metaOf({ parsedOptions }: Field): Readonly<Record<string, string>> {
  const options: readonly FieldMeta[] = Array.isArray(parsedOptions) ? parsedOptions : []
  const params = options.flatMap(option => option['(confluent.field_meta)']?.params ?? [])
  return Object.fromEntries(params.map(({ key, value }) => [key, value]))
}
