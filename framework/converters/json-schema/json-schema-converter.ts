import type { ConfigDefinition } from '../../api/config-definition.ts'
import { parseConfig } from '../../config/parse.ts'
import { RegistryCodec } from '../registry/registry-codec.ts'
import { registryKeys, registrySettings } from '../registry/registry-config.ts'
import { RegistryConverter } from '../registry/registry-converter.ts'
import { jsonSchemaFormat } from './json-schema-format.ts'

const definition = {
  ...registryKeys,
  'decimal.format': {
    type: 'string',
    default: 'BASE64',
    doc: 'how decimals are written: BASE64, or NUMERIC; both are read',
    validate: text => (/^(base64|numeric)$/i.test(text) ? undefined : 'must be one of BASE64, NUMERIC'),
  },
  'object.additional.properties': {
    type: 'boolean',
    default: 'true',
    doc: 'whether the schemas that are registered allow members that they do not name',
  },
  'use.optional.for.nonrequired': {
    type: 'boolean',
    default: 'false',
    doc: 'whether each property that is not required is optional, also in schemas that Connect wrote',
  },
  'json.fail.invalid.schema': {
    type: 'boolean',
    default: 'false',
    doc: 'whether what is written and read must be valid by its JSON Schema, patterns and limits included; needs the package ajv',
  },
} as const satisfies ConfigDefinition

/** JSON with its JSON Schema in a registry. Java's `io.confluent.connect.json.JsonSchemaConverter`. */
export class JsonSchemaConverter extends RegistryConverter {
  readonly definition: ConfigDefinition = definition

  protected createCodec(properties: Readonly<Record<string, string>>): RegistryCodec {
    const config = parseConfig(definition, properties)
    const format = jsonSchemaFormat({
      decimals: config['decimal.format'].toUpperCase() === 'NUMERIC' ? 'NUMERIC' : 'BASE64',
      additionalProperties: config['object.additional.properties'],
      optionalIfNotRequired: config['use.optional.for.nonrequired'],
      validates: config['json.fail.invalid.schema'],
    })
    return new RegistryCodec(format, registrySettings(config))
  }
}
