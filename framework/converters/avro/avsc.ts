import { createRequire } from 'node:module'
import type { AvroSchema } from './avro-schema.ts'

/** What is used of the package avsc, which a program that wants Avro installs. */
export interface AvroType {
  toBuffer(value: unknown): Buffer
  fromBuffer(bytes: Buffer, resolver?: undefined, noCheck?: boolean): unknown
}

interface Avsc {
  readonly Type: { forSchema(schema: AvroSchema, options: { readonly registry: Record<string, unknown> }): AvroType }
  readonly types: { readonly LongType: { __with(methods: object): unknown } }
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

/** Compiles Avro schemas. @throws an Error with the code MODULE_NOT_FOUND where avsc is not installed */
export function loadAvsc(): (schema: AvroSchema) => AvroType {
  const avsc: Avsc = createRequire(import.meta.url)('avsc')
  return schema => avsc.Type.forSchema(schema, { registry: { long: avsc.types.LongType.__with(LONG) } })
}
