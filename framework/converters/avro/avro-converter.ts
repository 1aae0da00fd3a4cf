import type { ConfigDefinition } from '../../api/config-definition.ts'
import { parseConfig } from '../../config/parse.ts'
import { RegistryCodec } from '../registry/registry-codec.ts'
import { registryKeys, registrySettings } from '../registry/registry-config.ts'
import { RegistryConverter } from '../registry/registry-converter.ts'
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
export class AvroConverter extends RegistryConverter {
  readonly definition: ConfigDefinition = definition

  protected createCodec(properties: Readonly<Record<string, string>>): RegistryCodec {
    const config = parseConfig(definition, properties)
    return new RegistryCodec(avroFormat({ enhanced: config['enhanced.avro.schema.support'] }), registrySettings(config))
  }
}
