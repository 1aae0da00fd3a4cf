import type { ConnectValue } from './data-value.ts'

export type PrimitiveType = 'int8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64' | 'boolean' | 'string' | 'bytes'

export type SchemaType = PrimitiveType | 'array' | 'map' | 'struct'

/** What every schema may say besides its type. */
export interface SchemaTraits {
  /** Null is a value. False when absent. */
  readonly optional?: boolean
  /** Used by who writes where a required field was left out. A null is never replaced by it unless a converter or a transform is told to. */
  readonly default?: ConnectValue
  /** Of a logical type, or of a struct: `org.example.Order`. */
  readonly name?: string
  readonly version?: number
  readonly doc?: string
  readonly parameters?: Readonly<Record<string, string>>
}

export interface PrimitiveSchema extends SchemaTraits {
  readonly type: PrimitiveType
}

export interface ArraySchema extends SchemaTraits {
  readonly type: 'array'
  readonly items: Schema
}

export interface MapSchema extends SchemaTraits {
  readonly type: 'map'
  readonly keys: Schema
  readonly values: Schema
}

export interface StructSchema extends SchemaTraits {
  readonly type: 'struct'
  /** In their order, which counts for formats that write no names. */
  readonly fields: readonly SchemaField[]
}

export interface SchemaField {
  readonly name: string
  readonly schema: Schema
}

/**
 * What a value is. A plain frozen object: the same schema is best the same object for every record, since converters and transforms remember by
 * it what they worked out.
 */
export type Schema = PrimitiveSchema | ArraySchema | MapSchema | StructSchema

/** Names that give a primitive another meaning; what Java calls logical types. */
export const LogicalName = {
  /** bytes: a `Decimal`; the parameter `scale` says where its point is. */
  DECIMAL: 'org.apache.kafka.connect.data.Decimal',
  /** int32, days since 1970: a `Date` at midnight UTC. */
  DATE: 'org.apache.kafka.connect.data.Date',
  /** int32, milliseconds since midnight: a `Date` on 1970-01-01. */
  TIME: 'org.apache.kafka.connect.data.Time',
  /** int64, milliseconds since 1970: a `Date`. */
  TIMESTAMP: 'org.apache.kafka.connect.data.Timestamp',
} as const

/** The field of that name; undefined when there is none. */
export function fieldOf(schema: StructSchema, name: string): SchemaField | undefined {
  let byName = fieldsByName.get(schema)
  if (byName === undefined) {
    byName = new Map(schema.fields.map(field => [field.name, field]))
    fieldsByName.set(schema, byName)
  }
  return byName.get(name)
}

const fieldsByName = new WeakMap<StructSchema, Map<string, SchemaField>>()
