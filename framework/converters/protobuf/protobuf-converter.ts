import type { ConfigDefinition } from '../../api/config-definition.ts'
import { parseConfig } from '../../config/parse.ts'
import { RegistryCodec } from '../registry/registry-codec.ts'
import { registryKeys, registrySettings } from '../registry/registry-config.ts'
import { RegistryConverter } from '../registry/registry-converter.ts'
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
export class ProtobufConverter extends RegistryConverter {
  readonly definition: ConfigDefinition = definition

  protected createCodec(properties: Readonly<Record<string, string>>): RegistryCodec {
    const config = parseConfig(definition, properties)
    const keyword = config['optional.for.nullables'] ? 'keyword' : 'none'
    const format = protobufFormat({
      nullables: config['wrapper.for.nullables'] ? 'wrapper' : keyword,
      fullNames: config['enhanced.protobuf.schema.support'],
      scrubsNames: config['scrub.invalid.names'],
      unionIndexes: config['generate.index.for.unions'],
    })
    return new RegistryCodec(format, registrySettings(config))
  }
}
