import type { SchemaAndValue } from '../../api/converter.ts'
import type { ConnectValue, Schema } from '../../api/data.ts'

/** As a registry names them. */
export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF'

/** A schema as the registry has it, with all that it refers to. */
export interface RegisteredSchema {
  readonly id: number
  readonly text: string
  /** Those that a schema refers to come before it. */
  readonly references: readonly ReferencedSchema[]
}

export interface ReferencedSchema {
  /** How it is referred to: the full name of a type, a URL, or the path of an import. */
  readonly name: string
  readonly text: string
}

/** A schema about to be registered. */
export interface SchemaText {
  readonly text: string
  /** The full name of its record; undefined where it is none. */
  readonly recordName: string | undefined
}

/** A value to what follows the id, and back. Both throw `DataError`. */
export type EncodeValue = (value: ConnectValue) => Uint8Array
export type DecodeValue = (payload: Buffer) => SchemaAndValue

/** What Avro, JSON Schema and Protobuf differ in. Everything is called once per schema and remembered. */
export interface RegistryFormat {
  readonly type: SchemaType
  /** @throws DataError for what the format has no word for */
  describe(schema: Schema): SchemaText
  /** @param registered what the values are written by: what `describe` said, or the latest version of the subject */
  encoder(schema: Schema, registered: RegisteredSchema): EncodeValue
  decoder(registered: RegisteredSchema): DecodeValue
}
