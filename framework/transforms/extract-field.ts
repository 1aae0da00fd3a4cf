import type { ConfigDefinition } from '../api/config-definition.ts'
import { DataError, fieldOf, type Schema } from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { parseFieldPath } from './field-path.ts'
import { oncePerSchema, readField, requireObject, requireStruct } from './structs.ts'

const definition = {
  field: { type: 'string', doc: 'name of the field, or with field.syntax.version=V2 the path to it: a.b.`with.dots`' },
  'field.syntax.version': {
    type: 'string',
    default: 'V1',
    oneOf: ['V1', 'V2'],
    doc: 'V1 = a name, V2 = a path into nested fields',
  },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

const PURPOSE = 'field extraction'

/** Replaces the key or value by one of its fields. */
export const ExtractField = sideTransform(definition, (config, side) => {
  const path = config['field.syntax.version'] === 'V2' ? parseFieldPath('field', config.field) : [config.field]
  const replaceNull = config['replace.null.with.default']
  const optional = oncePerSchema(
    (schema: Schema): Schema => (schema.optional ? schema : Object.freeze({ ...schema, optional: true })),
  )
  return record => {
    let schema = side.schema(record)
    let value = side.value(record)
    for (const name of path) {
      if (schema === null) {
        if (value === null) break
        const object = requireObject(value, PURPOSE)
        value = Object.hasOwn(object, name) ? (object[name] ?? null) : null
        continue
      }
      if (schema.type !== 'struct') throw new DataError(`Only Struct objects supported for [${PURPOSE}], found: ${schema.type}`)
      const field = fieldOf(schema, name)
      if (field === undefined) throw new DataError(`Unknown field: ${config.field}`)
      if (value !== null) value = readField(requireStruct(schema, value, PURPOSE)[1], field, replaceNull)
      schema = schema.optional ? optional(field.schema) : field.schema
    }
    return side.replace(record, schema, value)
  }
})
