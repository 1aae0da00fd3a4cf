import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { Converter, MaybePromise, SchemaAndValue } from '../../api/converter.ts'
import type { ConnectValue, Schema } from '../../api/data.ts'
import { parseConfig } from '../../config/parse.ts'
import { RegistryCodec } from '../registry/registry-codec.ts'
import { registryKeys, registrySettings } from '../registry/registry-config.ts'
import { protobufFormat } from './protobuf-format.ts'

const definition = {
  ...registryKeys,
  'optional.for.nullables': {
    type: 'boolean',
    default: 'true',
    doc: "whether what may be null is `optional`. Java's own default is false, which makes zeros of nulls",
  },
  'wrapper.for.nullables': {
    type: 'boolean',
    default: 'false',
    doc: 'whether what may be null is a message around the value (google.protobuf.StringValue), instead of `optional`',
  },
  'enhanced.protobuf.schema.support': {
    type: 'boolean',
    default: 'false',
    doc: 'whether structs that are read have the full names of their messages, packages included',
  },
  'scrub.invalid.names': {
    type: 'boolean',
    default: 'false',
    doc: 'whether characters that Protobuf does not allow in names are replaced by _',
  },
  'generate.index.for.unions': {
    type: 'boolean',
    default: 'true',
    doc: 'whether the field of a oneof is named after it with its index behind: choice_0',
  },
} as const satisfies ConfigDefinition

/** Protobuf with its .proto file in a registry. Java's `io.confluent.connect.protobuf.ProtobufConverter`. Needs the package protobufjs. */
export class ProtobufConverter implements Converter {
  readonly definition: ConfigDefinition = definition
  #codec: RegistryCodec | undefined

  configure(properties: Readonly<Record<string, string>>): void {
    const config = parseConfig(definition, properties)
    const keyword = config['optional.for.nullables'] ? 'keyword' : 'none'
    const format = protobufFormat({
      nullables: config['wrapper.for.nullables'] ? 'wrapper' : keyword,
      fullNames: config['enhanced.protobuf.schema.support'],
      scrubsNames: config['scrub.invalid.names'],
      unionIndexes: config['generate.index.for.unions'],
    })
    this.#codec = new RegistryCodec(format, registrySettings(config))
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
    if (this.#codec === undefined) throw new Error('ProtobufConverter was not configured')
    return this.#codec
  }
}
