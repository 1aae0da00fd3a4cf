import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { Converter, MaybePromise, SchemaAndValue } from '../../api/converter.ts'
import type { ConnectValue, Schema } from '../../api/data.ts'
import { parseConfig } from '../../config/parse.ts'
import { RegistryCodec } from '../registry/registry-codec.ts'
import { registryKeys, registrySettings } from '../registry/registry-config.ts'
import { avroFormat } from './avro-format.ts'

const definition = {
  ...registryKeys,
  'enhanced.avro.schema.support': {
    type: 'boolean',
    default: 'false',
    doc: 'whether enums that were read are written as enums, not as text, and types of unions have their full names',
  },
} as const satisfies ConfigDefinition

/** Avro with its schema in a registry. Java's `io.confluent.connect.avro.AvroConverter`. Needs the package avsc. */
export class AvroConverter implements Converter {
  readonly definition: ConfigDefinition = definition
  #codec: RegistryCodec | undefined

  configure(properties: Readonly<Record<string, string>>): void {
    const config = parseConfig(definition, properties)
    this.#codec = new RegistryCodec(avroFormat({ enhanced: config['enhanced.avro.schema.support'] }), registrySettings(config))
  }

  fromConnect(topic: string, schema: Schema | null, value: ConnectValue): MaybePromise<Uint8Array | null> {
    return this.#configured().fromConnect(topic, schema, value)
  }

  toConnect(_topic: string, bytes: Uint8Array | null): MaybePromise<SchemaAndValue> {
    return this.#configured().toConnect(bytes)
  }

  close(): void {
    this.#codec?.close()
  }

  #configured(): RegistryCodec {
    if (this.#codec === undefined) throw new Error('AvroConverter was not configured')
    return this.#codec
  }
}
