import type { ConfigDefinition } from '../api/config-definition.ts'
import { type ConnectValue, DataError, fieldOf, memberOf, type StructSchema, schema as schemas } from '../api/data.ts'
import { REPLACE_NULL, recordTransform } from './built-in.ts'
import { oncePerSchema, readField, requireObject, requireStruct } from './structs.ts'

const definition = {
  fields: {
    type: 'list',
    doc: "fields of the value that become the key's",
    validate: text => (text === '' ? 'must name at least one' : undefined),
  },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

const PURPOSE = 'copying fields from value to key'

/** Makes the key of some fields of the value. */
export const ValueToKey = recordTransform(definition, config => {
  const keyFieldsOf = oncePerSchema((schema: StructSchema) => {
    const fields = config.fields.map(name => {
      const field = fieldOf(schema, name)
      if (field === undefined) throw new DataError(`Field does not exist: ${name}`)
      return field
    })
    return { fields, schema: schemas.struct(fields.map(field => [field.name, field.schema] as const)) }
  })
  return record => {
    const { value, valueSchema } = record
    if (valueSchema === null) {
      const object = requireObject(value, PURPOSE)
      const entries = config.fields.map((name): [string, ConnectValue] => [name, memberOf(object, name) ?? null])
      return { ...record, keySchema: null, key: Object.fromEntries(entries) }
    }
    const [structSchema, struct] = requireStruct(valueSchema, value, PURPOSE)
    const { fields, schema } = keyFieldsOf(structSchema)
    const entries = fields.map(field => [field.name, readField(struct, field, config['replace.null.with.default'])] as const)
    return { ...record, keySchema: schema, key: Object.fromEntries(entries) }
  }
})
