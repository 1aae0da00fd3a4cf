import type { Schema, StructSchema } from '../../api/data.ts'

const NAMESPACE = 'io.confluent.connect.avro'

/** Names and parameters by which Connect's schemas say what only Avro knows. Those of Confluent's class AvroData. */
export const AvroName = {
  /** Of a struct that is one of several types, its one field that is not null. */
  UNION: `${NAMESPACE}.Union`,
  /** Of the entries of a map whose keys are no texts. */
  MAP_ENTRY: `${NAMESPACE}.MapEntry`,
  /** Parameter of a string: the full name of its enum; `….<symbol>` for each symbol. */
  ENUM: `${NAMESPACE}.Enum`,
  /** Parameter of bytes: how many they are. */
  FIXED_SIZE: 'connect.fixed.size',
} as const

/** Of an unnamed struct. */
export const UNNAMED = `${NAMESPACE}.ConnectDefault`

const PRIMITIVES: Partial<Record<Schema['type'], string>> = {
  int8: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  float32: 'float',
  float64: 'double',
}

export function isUnion(schema: Schema): schema is StructSchema & { readonly name: typeof AvroName.UNION } {
  return schema.type === 'struct' && schema.name === AvroName.UNION
}

/** How Avro names a type among those of a union. */
export function branchName(schema: Schema): string {
  if (schema.type === 'struct') return schema.name ?? UNNAMED
  if (schema.type === 'map') return schema.keys.type === 'string' && !schema.keys.optional ? 'map' : 'array'
  if (schema.type === 'string') return schema.parameters?.[AvroName.ENUM] ?? 'string'
  if (schema.type === 'bytes' && schema.parameters?.[AvroName.FIXED_SIZE] !== undefined) return schema.name ?? 'bytes'
  return PRIMITIVES[schema.type] ?? schema.type
}

/** How the field of the struct is named that stands for that type of a union: without the namespace, unless `full`. */
export function unionField(schema: Schema, full: boolean): string {
  const name = branchName(schema)
  return full ? name : name.slice(name.lastIndexOf('.') + 1)
}
