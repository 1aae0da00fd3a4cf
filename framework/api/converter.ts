import type { Schema } from './data-schema.ts'
import type { ConnectValue } from './data-value.ts'

/** What a converter is for; it finds it as `converter.type` among its properties. */
export type ConverterRole = 'key' | 'value' | 'header'

export interface SchemaAndValue {
  /** Null = the format says nothing of types. */
  readonly schema: Schema | null
  readonly value: ConnectValue
}

/** A result, or the promise of one for converters that must ask somebody first. */
export type MaybePromise<T> = T | Promise<T>

/**
 * Between values and the bytes in a topic. Made once per task and role, from the class a configuration names as `key.converter` or
 * `value.converter`. Optional methods are those the class of a plugin may have: `configure(properties)`, called once before all else with the
 * properties below its key (the prefix removed) and `converter.type`; `close()` when the task ends.
 *
 * Anything thrown concerns that one record; a `ConnectError` of the kind `retriable` has it tried again.
 */
export interface Converter {
  /** Null = a null in the log: a tombstone, where it is the value. */
  fromConnect(topic: string, schema: Schema | null, value: ConnectValue): MaybePromise<Uint8Array | null>
  toConnect(topic: string, bytes: Uint8Array | null): MaybePromise<SchemaAndValue>
  configure?(properties: Readonly<Record<string, string>>): void
  close?(): MaybePromise<void>
}

/** The same for the values of headers: `header.converter`. */
export interface HeaderConverter {
  fromConnectHeader(topic: string, key: string, schema: Schema | null, value: ConnectValue): MaybePromise<Uint8Array | null>
  toConnectHeader(topic: string, key: string, bytes: Uint8Array | null): MaybePromise<SchemaAndValue>
  configure?(properties: Readonly<Record<string, string>>): void
  close?(): MaybePromise<void>
}
