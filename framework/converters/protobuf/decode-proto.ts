import type { ConnectValue, MapSchema, Schema, StructSchema } from '../../api/data.ts'
import { entryOf, hasPresence, oneofsOf, unionField, unionOf } from './from-proto.ts'
import { ProtoMessage } from './names.ts'
import { fromLong, type Long, type Message, messageToLogical } from './proto-logical.ts'
import type { Enum, Field, Type } from './protobufjs.ts'
import { isWrapper } from './wrappers.ts'

type Read = (value: unknown) => ConnectValue

const LOGICAL: ReadonlySet<string> = new Set(Object.values(ProtoMessage))

/** Messages as values of the schema that `fromProto` made of their type. */
export function messageReader(type: Type, schema: Schema, unionIndexes: boolean): (message: Message) => ConnectValue {
  const readers = new ProtoReaders(unionIndexes)
  if (schema.type === 'struct') return readers.struct(type, schema)
  const read = readers.field(type.fieldsArray[0] as Field, schema)
  return message => read(message)
}

class ProtoReaders {
  readonly #unionIndexes: boolean

  constructor(unionIndexes: boolean) {
    this.#unionIndexes = unionIndexes
  }

  struct(type: Type, schema: StructSchema): (message: Message) => ConnectValue {
    const schemaOf = new Map(schema.fields.map(field => [field.name, field.schema] as const))
    const readers = [
      ...oneofsOf(type).map((oneof, i) => {
        const name = unionField(oneof, i, { unionIndexes: this.#unionIndexes })
        const union = schemaOf.get(name) as StructSchema
        const members = oneof.fieldsArray.map(
          (field, at) => [field.name, this.field(field, union.fields[at]?.schema as Schema)] as const,
        )
        return [name, (message: Message) => readUnion(members, message)] as const
      }),
      ...type.fieldsArray
        .filter(field => unionOf(field) === undefined)
        .map(field => [field.name, this.field(field, schemaOf.get(field.name) as Schema)] as const),
    ]
    return message => Object.fromEntries(readers.map(([name, read]) => [name, read(message)]))
  }

  /** What a message has of a field. */
  field(field: Field, schema: Schema): (message: Message) => ConnectValue {
    const { name } = field
    if (schema.type === 'map') return this.#map(field, schema)
    if (schema.type === 'array') {
      const item = this.#single(field, schema.items)
      return message => (message[name] as readonly unknown[]).map(item)
    }
    const read = this.#single(field, schema)
    const isMessage = field.resolvedType !== null && !('values' in field.resolvedType)
    if (!isMessage && !hasPresence(field)) return message => read(message[name])
    return message => (Object.hasOwn(message, name) && message[name] != null ? read(message[name]) : null)
  }

  #map(field: Field, schema: MapSchema): (message: Message) => ConnectValue {
    const entry = entryOf(field) as Type
    const key = this.field(entry.fields.key as Field, schema.keys)
    const value = this.field(entry.fields.value as Field, schema.values)
    return message => new Map((message[field.name] as readonly Message[]).map(each => [key(each), value(each)]))
  }

  #single({ type, resolvedType }: Field, schema: Schema): Read {
    if (resolvedType === null) return scalar(type)
    if ('values' in resolvedType) return symbol(resolvedType)
    const name = resolvedType.fullName.slice(1)
    if (LOGICAL.has(name)) return value => messageToLogical(name, value as Message)
    if (isWrapper(name) && schema.type !== 'struct') {
      const read = scalar((resolvedType.fieldsArray[0] as Field).type)
      return value => read((value as Message).value)
    }
    const read = this.struct(resolvedType, schema as StructSchema)
    return value => read(value as Message)
  }
}

function readUnion(members: readonly (readonly [string, (message: Message) => ConnectValue])[], message: Message): ConnectValue {
  const set = members.filter(([name]) => Object.hasOwn(message, name) && message[name] != null)
  return set.length === 0 ? null : Object.fromEntries(set.map(([name, read]) => [name, read(message)]))
}

function scalar(type: string): Read {
  if (type.endsWith('64')) return value => fromLong(value as number | Long)
  if (type !== 'bytes') return value => value as ConnectValue
  return value => {
    const { buffer, byteOffset, length } = value as Uint8Array
    return new Uint8Array(buffer, byteOffset, length)
  }
}

/** A number that the enum does not know yet is named as Java names it. */
function symbol({ valuesById, name }: Enum): Read {
  return value => valuesById[value as number] ?? `UNKNOWN_ENUM_VALUE_${name}_${value}`
}
