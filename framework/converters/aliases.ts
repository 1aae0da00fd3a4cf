import type { PluginLoader } from '../api/plugin.ts'
import { AvroConverter } from './avro/avro-converter.ts'
import { JsonConverter } from './json/json-converter.ts'
import { JsonSchemaConverter } from './json-schema/json-schema-converter.ts'
import {
  BooleanConverter,
  ByteArrayConverter,
  DoubleConverter,
  FloatConverter,
  IntegerConverter,
  LongConverter,
  ShortConverter,
} from './primitive-converters.ts'
import { ProtobufConverter } from './protobuf/protobuf-converter.ts'
import { SimpleHeaderConverter } from './simple-header/simple-header-converter.ts'
import { StringConverter } from './string-converter.ts'

const byPackage = {
  'org.apache.kafka.connect.json.': { JsonConverter },
  'org.apache.kafka.connect.storage.': { StringConverter, SimpleHeaderConverter },
  'org.apache.kafka.connect.converters.': {
    ByteArrayConverter,
    BooleanConverter,
    ShortConverter,
    IntegerConverter,
    LongConverter,
    FloatConverter,
    DoubleConverter,
  },
  'io.confluent.connect.avro.': { AvroConverter },
  'io.confluent.connect.json.': { JsonSchemaConverter },
  'io.confluent.connect.protobuf.': { ProtobufConverter },
} as const

/** The converters of this folder by their simple name and by the Java name that existing configurations hold. */
export const converterAliases: ReadonlyMap<string, new () => unknown> = new Map(
  Object.entries(byPackage).flatMap(([java, classes]) =>
    Object.entries(classes).flatMap(([name, type]) => [[name, type] as const, [java + name, type] as const]),
  ),
)

/** Makes them known to who loads the classes that a configuration names. */
export function registerConverters(plugins: Pick<PluginLoader, 'register'>): void {
  for (const [name, type] of converterAliases) plugins.register(name, type)
}
