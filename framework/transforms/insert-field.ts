import type { ConfigDefinition } from '../api/config-definition.ts'
import {
  type ConnectRecord,
  type ConnectValue,
  DataError,
  type Schema,
  type StructSchema,
  schema as schemas,
} from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { basicsOf, oncePerSchema, readField, requireObject, requireStruct } from './structs.ts'

const FIELD = { type: 'string', default: null } as const
const SUFFIX = 'a ! behind the name makes it a required field, a ? or nothing an optional one'

const definition = {
  'topic.field': { ...FIELD, doc: `name of a field for the topic; ${SUFFIX}` },
  'partition.field': { ...FIELD, doc: `name of a field for the partition; ${SUFFIX}` },
  'offset.field': { ...FIELD, doc: `name of a field for the offset, in sinks only; ${SUFFIX}` },
  'timestamp.field': { ...FIELD, doc: `name of a field for the record's timestamp; ${SUFFIX}` },
  'static.field': { ...FIELD, doc: `name of a field for static.value; ${SUFFIX}` },
  'static.value': { ...FIELD, doc: 'the text that static.field gets' },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

interface Insertion {
  readonly name: string
  readonly schema: Schema
  /** Undefined = the record does not have it. */
  readonly of: (record: ConnectRecord, hasSchema: boolean) => ConnectValue | undefined
}

/** Adds what the record knows about itself, or a constant, as fields. */
export const InsertField = sideTransform(definition, (config, side) => {
  const insertions: Insertion[] = []
  const insert = (spec: string | null, make: (traits?: { readonly optional: boolean }) => Schema, of: Insertion['of']) => {
    if (spec !== null)
      insertions.push({ name: spec.replace(/[?!]$/, ''), schema: spec.endsWith('!') ? make() : make({ optional: true }), of })
  }
  insert(config['topic.field'], schemas.string, record => record.topic)
  insert(config['partition.field'], schemas.int32, record => record.partition ?? undefined)
  insert(config['offset.field'], schemas.int64, offsetOf)
  insert(config['timestamp.field'], schemas.timestamp, (record, hasSchema) => timestampOf(record, hasSchema))
  insert(config['static.field'], schemas.string, () => config['static.value'] ?? undefined)
  const schemaWith = oncePerSchema((schema: StructSchema) =>
    schemas.struct(
      [...schema.fields, ...insertions].map(field => [field.name, field.schema] as const),
      basicsOf(schema),
    ),
  )
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (value === null || insertions.length === 0) return record
    if (schema === null) {
      let object = requireObject(value, 'field insertion')
      for (const { name, of } of insertions) {
        const inserted = of(record, false)
        if (inserted !== undefined) object = { ...object, [name]: inserted }
      }
      return side.replace(record, null, object)
    }
    const inserted = insertions
      .map(({ name, of }) => [name, of(record, true)] as const)
      .filter((entry): entry is readonly [string, ConnectValue] => entry[1] !== undefined)
    const [structSchema, struct] = requireStruct(schema, value, 'field insertion')
    const kept = structSchema.fields.map(
      field => [field.name, readField(struct, field, config['replace.null.with.default'])] as const,
    )
    return side.replace(record, schemaWith(structSchema), Object.fromEntries([...kept, ...inserted]))
  }
})

function offsetOf({ offset }: ConnectRecord): ConnectValue {
  if (offset === undefined) throw new DataError('offset.field is for sinks: this record has no offset yet')
  return offset
}

function timestampOf({ timestamp }: ConnectRecord, hasSchema: boolean): ConnectValue | undefined {
  if (timestamp === -1) return undefined
  return hasSchema ? new Date(timestamp) : timestamp
}
