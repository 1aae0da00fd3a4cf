import {
  type ArraySchema,
  LogicalName,
  type MapSchema,
  type PrimitiveSchema,
  type PrimitiveType,
  type Schema,
  type SchemaTraits,
  type StructSchema,
} from './data-schema.ts'

type PrimitiveBuilder = (traits?: SchemaTraits) => PrimitiveSchema
type NamelessTraits = Omit<SchemaTraits, 'name' | 'parameters'>

/** Fields by name. Names that are whole numbers would change places in an object: give those as pairs. */
export type FieldList = Readonly<Record<string, Schema>> | Iterable<readonly [name: string, schema: Schema]>

/**
 * Makes schemas:
 *
 *     const order = schema.struct({ id: schema.int64(), note: schema.string({ optional: true }) }, { name: 'org.example.Order' })
 */
export const schema = {
  int8: primitive('int8'),
  int16: primitive('int16'),
  int32: primitive('int32'),
  int64: primitive('int64'),
  float32: primitive('float32'),
  float64: primitive('float64'),
  boolean: primitive('boolean'),
  string: primitive('string'),
  bytes: primitive('bytes'),

  array(items: Schema, traits: SchemaTraits = {}): ArraySchema {
    return Object.freeze({ type: 'array', ...traits, items })
  },

  map(keys: Schema, values: Schema, traits: SchemaTraits = {}): MapSchema {
    return Object.freeze({ type: 'map', ...traits, keys, values })
  },

  struct(fields: FieldList, traits: SchemaTraits = {}): StructSchema {
    const pairs = Symbol.iterator in fields ? [...fields] : Object.entries(fields)
    const names = new Set(pairs.map(([name]) => name))
    if (names.size < pairs.length) throw new TypeError(`a struct has two fields of one name among ${pairs.map(([n]) => n)}`)
    const list = pairs.map(([name, fieldSchema]) => Object.freeze({ name, schema: fieldSchema }))
    return Object.freeze({ type: 'struct', ...traits, fields: Object.freeze(list) })
  },

  /** @param scale digits behind the point */
  decimal(scale: number, traits: NamelessTraits = {}): PrimitiveSchema {
    return Object.freeze({
      type: 'bytes',
      version: 1,
      ...traits,
      name: LogicalName.DECIMAL,
      parameters: { scale: String(scale) },
    })
  },

  /** A day. */
  date: logical('int32', LogicalName.DATE),
  /** A time of day, in milliseconds. */
  time: logical('int32', LogicalName.TIME),
  /** A moment, in milliseconds. */
  timestamp: logical('int64', LogicalName.TIMESTAMP),
} as const

function primitive(type: PrimitiveType): PrimitiveBuilder {
  const plain = Object.freeze({ type })
  return traits => (traits === undefined ? plain : Object.freeze({ type, ...traits }))
}

/** Java gives its logical types the version 1. */
function logical(type: PrimitiveType, name: string): (traits?: NamelessTraits) => PrimitiveSchema {
  return (traits = {}) => Object.freeze({ type, version: 1, ...traits, name })
}
