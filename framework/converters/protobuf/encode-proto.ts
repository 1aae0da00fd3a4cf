import {
  type ConnectValue,
  DataError,
  type Decimal,
  entriesOf,
  fieldValue,
  LogicalName,
  type MapSchema,
  memberOf,
  type Schema,
  type Struct,
  type StructSchema,
} from '../../api/data.ts'
import { logicalToNumber } from '../logical.ts'
import { entryOf, hasPresence } from './from-proto.ts'
import { ProtoMessage, protoName } from './names.ts'
import { logicalToMessage, type Message, toLong } from './proto-logical.ts'
import type { Enum, Field, Type } from './protobufjs.ts'
import { isUnion } from './to-proto.ts'
import { isWrapper } from './wrappers.ts'

type Write = (value: ConnectValue) => unknown

const MESSAGES: Readonly<Record<string, string>> = {
  [LogicalName.DECIMAL]: ProtoMessage.DECIMAL,
  [LogicalName.DATE]: ProtoMessage.DATE,
  [LogicalName.TIME]: ProtoMessage.TIME,
  [LogicalName.TIMESTAMP]: ProtoMessage.TIMESTAMP,
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  int8: ['int32', 'sint32', 'sfixed32', 'int64', 'sint64', 'sfixed64'],
  int16: ['int32', 'sint32', 'sfixed32', 'int64', 'sint64', 'sfixed64'],
  int32: ['int32', 'sint32', 'sfixed32', 'int64', 'sint64', 'sfixed64'],
  int64: ['int64', 'sint64', 'sfixed64', 'uint64', 'fixed64', 'uint32', 'fixed32'],
  float32: ['float', 'double'],
  float64: ['double'],
  boolean: ['bool'],
  string: ['string'],
  bytes: ['bytes'],
}

/**
 * Values of a schema as messages of a type, which is what the schema was written as, or another version of it. What equals the default of a field without
 * presence is left out, as in Java. @throws DataError for fields that the type has not, or of another kind
 */
export function messageWriter(schema: Schema, type: Type, scrubsNames: boolean): (value: ConnectValue) => Message {
  const compiler = new ProtoWriters(scrubsNames)
  if (schema.type === 'struct') return compiler.struct(schema, type)
  const write = compiler.value(schema, type.fieldsArray[0] as Field, 'value')
  return value => ({ value: write(value) })
}

class ProtoWriters {
  readonly #scrubsNames: boolean

  constructor(scrubsNames: boolean) {
    this.#scrubsNames = scrubsNames
  }

  struct(schema: StructSchema, type: Type): (value: ConnectValue) => Message {
    const writers = schema.fields.map(field => {
      if (isUnion(field.schema)) return this.#union(field, field.schema, type)
      const { name, write, omits } = this.#member(field.name, field.schema, type)
      return (struct: Struct, message: Record<string, unknown>) => {
        const value = fieldValue(struct, field)
        if (value === null) return
        const written = write(value)
        if (!omits(written)) message[name] = written
      }
    })
    return value => {
      const message: Record<string, unknown> = {}
      for (const write of writers) write(value as Struct, message)
      return message
    }
  }

  value(schema: Schema, field: Field, path: string): Write {
    if (schema.type === 'array') {
      const item = this.#single(schema.items, field, path)
      return value => (value as readonly ConnectValue[]).map(each => (each === null ? refuseNull(path) : item(each)))
    }
    return schema.type === 'map' ? this.#map(schema, field, path) : this.#single(schema, field, path)
  }

  #union(field: StructSchema['fields'][number], union: StructSchema, type: Type) {
    const members = union.fields.map(({ name, schema }) => ({ own: name, ...this.#member(name, schema, type) }))
    return (struct: Struct, message: Record<string, unknown>): void => {
      const value = fieldValue(struct, field)
      if (value === null) return
      const chosen = members.filter(({ own }) => memberOf(value as Struct, own) != null)
      if (chosen.length > 1)
        throw new DataError(`${field.name}: one of ${chosen.map(({ own }) => own).join(', ')} may have a value, not several`)
      for (const { own, name, write } of chosen) message[name] = write(memberOf(value as Struct, own) ?? null)
    }
  }

  #member(own: string, schema: Schema, type: Type) {
    const name = protoName(own, this.#scrubsNames)
    const field = type.fields[name]
    if (field === undefined)
      throw new DataError(`the message ${type.fullName.slice(1)} has no field ${name}; it has ${Object.keys(type.fields)}`)
    const isRepeated = schema.type === 'array' || schema.type === 'map'
    if (isRepeated !== field.repeated) throw mismatch(own, schema, field)
    const keepsDefaults =
      isRepeated || hasPresence(field) || field.required || (field.resolvedType !== null && !isEnum(field.resolvedType))
    return { name, write: this.value(schema, field, own), omits: keepsDefaults ? () => false : isDefault }
  }

  #map(schema: MapSchema, field: Field, path: string): Write {
    const entry = entryOf(field)
    if (entry === undefined) throw mismatch(path, schema, field)
    const key = this.#single(schema.keys, entry.fields.key as Field, `${path}{key}`)
    const item = this.#single(schema.values, entry.fields.value as Field, `${path}{value}`)
    return value =>
      Array.from(entriesOf(value as Struct), ([k, v]) => ({
        ...(k !== null && { key: key(k) }),
        ...(v !== null && { value: item(v) }),
      }))
  }

  #single(schema: Schema, field: Field, path: string): Write {
    const { resolvedType } = field
    if (resolvedType === null) return scalar(schema, field, path)
    if (isEnum(resolvedType)) return schema.type === 'string' ? symbol(resolvedType, path) : refuseKind(path, schema, field)
    const message = resolvedType.fullName.slice(1)
    const logical = MESSAGES[schema.name ?? '']
    if (logical !== undefined)
      return logical === message
        ? value => logicalMessage(message, schema, value as Date | Decimal)
        : refuseKind(path, schema, field)
    if (isWrapper(message)) {
      const write = scalar(schema, resolvedType.fieldsArray[0] as Field, path)
      return value => ({ value: write(value) })
    }
    return schema.type === 'struct' ? this.struct(schema, resolvedType) : refuseKind(path, schema, field)
  }
}

function logicalMessage(message: string, schema: Schema, value: Date | Decimal): Message {
  if (value instanceof Date) {
    logicalToNumber(schema, value)
    return logicalToMessage(message, value)
  }
  return logicalToMessage(message, value.withScale(Number(schema.parameters?.scale ?? value.scale)))
}

function scalar(schema: Schema, field: Field, path: string): Write {
  if (KINDS[schema.type]?.includes(field.type) !== true || schema.name === LogicalName.DECIMAL)
    return refuseKind(path, schema, field)
  if (field.type.endsWith('64')) return value => toLong(value as number | bigint)
  return schema.type === 'bytes' ? value => Buffer.from(value as Uint8Array) : value => value
}

function symbol({ values, name }: Enum, path: string): Write {
  return value => {
    const number = values[value as string]
    if (number === undefined)
      throw new DataError(`${path}: ${JSON.stringify(value)} is none of the enum ${name}: ${Object.keys(values)}`)
    return number
  }
}

function isEnum(type: Type | Enum): type is Enum {
  return 'values' in type
}

function isDefault(value: unknown): boolean {
  return value === 0 || value === '' || value === false || (value instanceof Uint8Array && value.length === 0)
}

function refuseNull(path: string): never {
  throw new DataError(`${path}: Protobuf has no null within a list; leave it out`)
}

function refuseKind(path: string, schema: Schema, field: Field): never {
  throw mismatch(path, schema, field)
}

function mismatch(path: string, schema: Schema, { type, repeated }: Field): DataError {
  return new DataError(
    `${path} is ${schema.name ?? schema.type}, but the registered schema has ${repeated ? 'repeated ' : ''}${type}`,
  )
}
