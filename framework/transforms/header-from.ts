import type { ConfigDefinition } from '../api/config-definition.ts'
import { DataError, fieldOf, memberOf, type StructSchema, schema as schemas } from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { configProblem } from './config-problem.ts'
import { basicsOf, oncePerSchema, readField, requireObject, requireStruct } from './structs.ts'

const isNotEmpty = (text: string) => (text === '' ? 'must name at least one' : undefined)

const definition = {
  fields: { type: 'list', doc: 'names of the fields', validate: isNotEmpty },
  headers: { type: 'list', doc: 'names of the headers, in the order of the fields', validate: isNotEmpty },
  operation: { type: 'string', oneOf: ['move', 'copy'], doc: 'move takes the fields out, copy leaves them' },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

/** Moves or copies fields into headers. */
export const HeaderFrom = sideTransform(definition, (config, side) => {
  const { fields, headers, operation } = config
  if (fields.length !== headers.length)
    throw configProblem('headers', headers.join(), `must name as many headers as there are fields: ${fields.length}`)
  const purpose = `header ${operation}`
  const restOf = oncePerSchema((schema: StructSchema) =>
    schemas.struct(
      schema.fields.filter(({ name }) => !fields.includes(name)).map(field => [field.name, field.schema] as const),
      basicsOf(schema),
    ),
  )
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (value === null) return record
    const structSchema = schema === null ? null : requireStruct(schema, value, purpose)[0]
    const object = structSchema === null ? requireObject(value, purpose) : requireStruct(structSchema, value, purpose)[1]
    const added = fields.map((name, i) => {
      const key = headers[i]!
      if (structSchema === null) return { key, schema: null, value: memberOf(object, name) ?? null }
      const field = fieldOf(structSchema, name)
      if (field === undefined) throw new DataError(`Unknown field: ${name}`)
      return { key, schema: field.schema, value: readField(object, field, config['replace.null.with.default']) }
    })
    const withHeaders = { ...record, headers: [...record.headers, ...added] }
    if (operation === 'copy') return withHeaders
    const rest = Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)))
    return side.replace(withHeaders, structSchema === null ? null : restOf(structSchema), rest)
  }
})
