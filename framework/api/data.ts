export { Decimal } from './data-decimal.ts'
export { DataError } from './data-error.ts'
export { type ConnectHeader, type ConnectRecord, connectRecord } from './data-record.ts'
export {
  type ArraySchema,
  fieldOf,
  LogicalName,
  type MapSchema,
  type PrimitiveSchema,
  type PrimitiveType,
  type Schema,
  type SchemaField,
  type SchemaTraits,
  type SchemaType,
  type StructSchema,
} from './data-schema.ts'
export { type FieldList, schema } from './data-schemas.ts'
export { entriesOf, fieldValue, fitsBits, validate } from './data-validate.ts'
export { type ConnectValue, isStruct, kindOf, memberOf, type Struct } from './data-value.ts'
