import type { Decimal } from './data-decimal.ts'

/**
 * A value as connectors, transforms and converters hand it on:
 * - integers: `number`, or `bigint` beyond ±(2^53 - 1); floats: `number`
 * - bytes: `Uint8Array`; decimals: `Decimal`; date, time and timestamp: `Date`
 * - arrays: arrays; maps: `Map` (with a schema whose keys are strings, a plain object does too)
 * - structs, and JSON objects without a schema: plain objects. A field left out of a struct is null, or its default where it is required.
 */
export type ConnectValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | Decimal
  | readonly ConnectValue[]
  | ReadonlyMap<ConnectValue, ConnectValue>
  | Struct

/** The fields of a struct, or the members of an object without a schema. */
export interface Struct {
  readonly [field: string]: ConnectValue | undefined
}

/** The field's own value: undefined when left out, whatever its name (`constructor`, `__proto__`). */
export function memberOf(struct: Struct, field: string): ConnectValue | undefined {
  return Object.hasOwn(struct, field) ? struct[field] : undefined
}

/** A plain object, and no other kind of value. */
export function isStruct(value: unknown): value is Struct {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** What kind of value it is, in a word, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'object') return typeof value
  if (Array.isArray(value)) return 'array'
  if (value instanceof Uint8Array) return 'bytes'
  return isStruct(value) ? 'object' : value.constructor.name
}
