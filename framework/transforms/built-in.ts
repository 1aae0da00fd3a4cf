import type { ConfigDefinition } from '../api/config-definition.ts'
import type { ConnectRecord, ConnectValue, Schema } from '../api/data.ts'
import type { Transform } from '../api/transform.ts'
import { type Parsed, parseConfig } from '../config/parse.ts'

export type TransformRecord = (record: ConnectRecord) => ConnectRecord | null
export type TransformClass = new () => Transform

/** The half of a record that a transform works on. */
export interface Side {
  readonly name: 'key' | 'value'
  schema(record: ConnectRecord): Schema | null
  value(record: ConnectRecord): ConnectValue
  /** The record with another schema and value on this side. */
  replace(record: ConnectRecord, schema: Schema | null, value: ConnectValue): ConnectRecord
}

const KEY: Side = {
  name: 'key',
  schema: record => record.keySchema,
  value: record => record.key,
  replace: (record, keySchema, key) => ({ ...record, keySchema, key }),
}

const VALUE: Side = {
  name: 'value',
  schema: record => record.valueSchema,
  value: record => record.value,
  replace: (record, valueSchema, value) => ({ ...record, valueSchema, value }),
}

/** A transform of whole records. `make` is called with the configuration, once; what it throws is a `ConfigError`. */
export function recordTransform<const D extends ConfigDefinition>(
  definition: D,
  make: (config: Parsed<D>) => TransformRecord,
): TransformClass {
  return class implements Transform {
    readonly definition: ConfigDefinition = definition
    #apply: TransformRecord | undefined

    configure(properties: Readonly<Record<string, string>>): void {
      this.#apply = make(parseConfig(definition, properties))
    }

    apply(records: readonly ConnectRecord[]): readonly (ConnectRecord | null)[] {
      this.#apply ??= make(parseConfig(definition, {}))
      return records.map(this.#apply)
    }
  }
}

/** A transform of either half of records: one class for keys, one for values. */
export function sideTransform<const D extends ConfigDefinition>(
  definition: D,
  make: (config: Parsed<D>, side: Side) => TransformRecord,
): { readonly Key: TransformClass; readonly Value: TransformClass } {
  return {
    Key: recordTransform(definition, config => make(config, KEY)),
    Value: recordTransform(definition, config => make(config, VALUE)),
  }
}

/** A key of most of these transforms. */
export const REPLACE_NULL = {
  'replace.null.with.default': {
    type: 'boolean',
    default: 'false',
    doc: "whether a field that is null is taken for its schema's default. Java's own default is true, which loses nulls",
  },
} as const satisfies ConfigDefinition
