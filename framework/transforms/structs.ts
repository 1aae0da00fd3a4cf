import {
  type ConnectValue,
  DataError,
  fieldValue,
  isStruct,
  kindOf,
  type Schema,
  type SchemaField,
  type SchemaTraits,
  type Struct,
  type StructSchema,
} from '../api/data.ts'

/** A struct and its schema. @param purpose for the message: `mask fields` */
export function requireStruct(schema: Schema, value: ConnectValue, purpose: string): readonly [StructSchema, Struct] {
  if (schema.type !== 'struct' || !isStruct(value)) {
    const found = schema.type === 'struct' ? kindOf(value) : schema.type
    throw new DataError(`Only Struct objects supported for [${purpose}], found: ${found}`)
  }
  return [schema, value]
}

/** An object without a schema; a map with text keys is taken for one. */
export function requireObject(value: ConnectValue, purpose: string): Struct {
  if (isStruct(value)) return value
  if (value instanceof Map && [...value.keys()].every(key => typeof key === 'string')) return Object.fromEntries(value)
  throw new DataError(`Only Map objects supported in absence of schema for [${purpose}], found: ${kindOf(value)}`)
}

/** The value of a field; its default instead of a null, where that is asked for. */
export function readField(struct: Struct, field: SchemaField, replaceNull: boolean): ConnectValue {
  const value = fieldValue(struct, field)
  return value === null && replaceNull ? (field.schema.default ?? null) : value
}

/** What of a schema goes over to one derived from it: not whether it is optional, nor its default. */
export function basicsOf({ name, version, doc, parameters }: Schema): SchemaTraits {
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(doc !== undefined && { doc }),
    ...(parameters !== undefined && { parameters }),
  }
}

export function optionalityOf({ optional }: Schema): SchemaTraits {
  return optional ? { optional } : {}
}

/** Works out something of a schema once. */
export function oncePerSchema<S extends Schema, T>(make: (schema: S) => T): (schema: S) => T {
  const made = new WeakMap<S, T>()
  return schema => {
    let result = made.get(schema)
    if (result === undefined) {
      result = make(schema)
      made.set(schema, result)
    }
    return result
  }
}
