import type { Schema, SchemaType } from '../../api/data.ts'

/** Messages of google/protobuf/wrappers.proto, in their order there. */
const WRAPPERS = [
  ['DoubleValue', 'double'],
  ['FloatValue', 'float'],
  ['Int64Value', 'int64'],
  ['UInt64Value', 'uint64'],
  ['Int32Value', 'int32'],
  ['UInt32Value', 'uint32'],
  ['BoolValue', 'bool'],
  ['StringValue', 'string'],
  ['BytesValue', 'bytes'],
] as const

const BY_TYPE: Partial<Record<SchemaType, string>> = {
  float64: 'DoubleValue',
  float32: 'FloatValue',
  int64: 'Int64Value',
  int32: 'Int32Value',
  int16: 'Int32Value',
  int8: 'Int32Value',
  boolean: 'BoolValue',
  string: 'StringValue',
  bytes: 'BytesValue',
}

export const WRAPPERS_IMPORT = 'google/protobuf/wrappers.proto'

/** Those of the file as protobuf comes with it, so that it is the same schema to a registry. */
const OPTIONS = [
  ['java_package', '"com.google.protobuf"'],
  ['java_outer_classname', '"WrappersProto"'],
  ['java_multiple_files', 'true'],
  ['go_package', '"google.golang.org/protobuf/types/known/wrapperspb"'],
  ['cc_enable_arenas', 'true'],
  ['objc_class_prefix', '"GPB"'],
  ['csharp_namespace', '"Google.Protobuf.WellKnownTypes"'],
] as const

/** What is registered for values that are no struct: the file of all wrappers. */
export const WRAPPERS_TEXT = [
  'syntax = "proto3";',
  'package google.protobuf;',
  '',
  ...OPTIONS.map(([option, value]) => `option ${option} = ${value};`),
  '',
  ...WRAPPERS.map(([name, type]) => `message ${name} {\n  ${type} value = 1 [json_name = "value"];\n}`),
  '',
].join('\n')

/** The full name of the message that holds one value of that type; undefined for structs, arrays and maps. */
export function wrapperFor({ type }: Schema): string | undefined {
  const name = BY_TYPE[type]
  return name === undefined ? undefined : `google.protobuf.${name}`
}

export function isWrapper(fullName: string): boolean {
  return WRAPPERS.some(([name]) => fullName === `google.protobuf.${name}`)
}
