export { converterAliases, registerConverters } from './aliases.ts'
export { AvroConverter } from './avro/avro-converter.ts'
export { JsonConverter } from './json/json-converter.ts'
export { JsonSchemaConverter } from './json-schema/json-schema-converter.ts'
export { openConverters } from './open-converters.ts'
export {
  BooleanConverter,
  ByteArrayConverter,
  DoubleConverter,
  FloatConverter,
  IntegerConverter,
  LongConverter,
  ShortConverter,
} from './primitive-converters.ts'
export { ProtobufConverter } from './protobuf/protobuf-converter.ts'
export { type BytesRecord, type ConverterSet, RecordConverters } from './record-converters.ts'
export { SimpleHeaderConverter } from './simple-header/simple-header-converter.ts'
export { StringConverter } from './string-converter.ts'
