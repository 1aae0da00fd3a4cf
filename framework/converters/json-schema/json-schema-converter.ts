import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { Converter, MaybePromise, SchemaAndValue } from '../../api/converter.ts'
import type { ConnectValue, Schema } from '../../api/data.ts'
import { parseConfig } from '../../config/parse.ts'
import { RegistryCodec } from '../registry/registry-codec.ts'
import { registryKeys, registrySettings } from '../registry/registry-config.ts'
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
export class JsonSchemaConverter implements Converter {
  readonly definition: ConfigDefinition = definition
  #codec: RegistryCodec | undefined

  configure(properties: Readonly<Record<string, string>>): void {
    const config = parseConfig(definition, properties)
    const format = jsonSchemaFormat({
      decimals: config['decimal.format'].toUpperCase() === 'NUMERIC' ? 'NUMERIC' : 'BASE64',
      additionalProperties: config['object.additional.properties'],
      optionalIfNotRequired: config['use.optional.for.nonrequired'],
      validates: config['json.fail.invalid.schema'],
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
    if (this.#codec === undefined) throw new Error('JsonSchemaConverter was not configured')
    return this.#codec
  }
}
