import { requireOptional } from '../registry/optional-package.ts'
import type { AvroSchema } from './avro-schema.ts'

/** What is used of the package avsc, which a program that wants Avro installs. */
export interface AvroType {
  toBuffer(value: unknown): Buffer
  fromBuffer(bytes: Buffer): unknown
}

interface SchemaOptions {
  readonly registry: Record<string, unknown>
  readonly typeHook: (schema: AvroSchema, options: SchemaOptions) => unknown
}

interface Avsc {
  readonly Type: { forSchema(schema: AvroSchema, options: SchemaOptions): AvroType }
  readonly types: {
    readonly LongType: { __with(methods: object): unknown }
    readonly WrappedUnionType: new (schema: AvroSchema, options: SchemaOptions) => unknown
  }
}

/** Longs as `number`, beyond ±(2^53 - 1) as `bigint`. */
const LONG = {
  fromBuffer: (bytes: Buffer) => {
    const value = bytes.readBigInt64LE()
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  },
  toBuffer: (value: number | bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    return bytes
  },
  fromJSON: (value: unknown) => value,
  toJSON: (value: unknown) => value,
  isValid: (value: unknown) => typeof value === 'bigint' || Number.isSafeInteger(value),
  compare: (a: number | bigint, b: number | bigint) => (a < b ? -1 : a > b ? 1 : 0),
}

/**
 * Compiles a schema after those that it refers to. Values of unions of several types besides null are `{ name of the type: value }`, others bare.
 * @throws ConfigError where avsc is not installed
 */
export function loadAvsc(): (schema: AvroSchema, references: readonly AvroSchema[]) => AvroType {
  const { Type, types } = requireOptional<Avsc>('avsc', 'Avro')
  const typeHook = (schema: AvroSchema, options: SchemaOptions) =>
    Array.isArray(schema) && schema.filter(branch => branch !== 'null').length > 1
      ? new types.WrappedUnionType(schema, options)
      : undefined
  return (schema, references) => {
    const options = { registry: { long: types.LongType.__with(LONG) }, typeHook }
    for (const reference of references) Type.forSchema(reference, options)
    return Type.forSchema(schema, options)
  }
}
