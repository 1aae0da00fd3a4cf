import type { ConfigDefinition } from '../api/config-definition.ts'
import { type ConnectValue, LogicalName, memberOf, type Schema, type StructSchema, schema as schemas } from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { CAST_TYPES, type CastType, castValue } from './cast-value.ts'
import { configProblem } from './config-problem.ts'
import { basicsOf, oncePerSchema, optionalityOf, readField, requireObject, requireStruct } from './structs.ts'

const definition = {
  spec: { type: 'list', doc: `field:type,field:type, or one type for the whole; types are ${CAST_TYPES.join(', ')}` },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

/** Changes the type of fields, or of the whole key or value. */
export const Cast = sideTransform(definition, (config, side) => {
  const { whole, fields } = parseSpec(config.spec)
  const replaceNull = config['replace.null.with.default']
  const schemaOf = oncePerSchema((schema: Schema) =>
    whole === undefined ? castStruct(schema as StructSchema, fields) : castSchema(schema, whole, basicsOf(schema)),
  )
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (value === null) return record
    if (whole !== undefined) return side.replace(record, schema && schemaOf(schema), castValue(schema, value, whole))
    if (schema === null) {
      const object = requireObject(value, 'cast types')
      const cast = Array.from(fields, ([name, type]) => [name, castValue(null, memberOf(object, name) ?? null, type)] as const)
      return side.replace(record, null, { ...object, ...Object.fromEntries(cast) })
    }
    const [structSchema, struct] = requireStruct(schema, value, 'cast types')
    const entries = structSchema.fields.map((field): [string, ConnectValue] => {
      const type = fields.get(field.name)
      const item = readField(struct, field, replaceNull)
      return [field.name, type === undefined ? item : castValue(field.schema, item, type)]
    })
    return side.replace(record, schemaOf(structSchema), Object.fromEntries(entries))
  }
})

interface Spec {
  readonly whole?: CastType
  readonly fields: ReadonlyMap<string, CastType>
}

function parseSpec(spec: readonly string[]): Spec {
  const text = spec.join()
  if (spec.length === 0) throw configProblem('spec', text, 'must name at least one field to cast')
  const parts = spec.map(part => part.split(':').map(word => word.trim()))
  for (const words of parts) {
    if (words.length > 2 || words.includes(''))
      throw configProblem('spec', text, `${words.join(':')} must be field:type, or a type alone`)
    if (words.length === 1 && parts.length > 1)
      throw configProblem('spec', text, `${words[0]} alone casts the whole, so there can be nothing beside it; write field:type`)
  }
  const typeOf = (word: string): CastType => {
    const type = CAST_TYPES.find(name => name === word.toLowerCase())
    if (type === undefined)
      throw configProblem('spec', text, `there is no type ${word} to cast to; there are ${CAST_TYPES.join(', ')}`)
    return type
  }
  const [first = []] = parts
  if (first.length === 1) return { whole: typeOf(first[0]!), fields: new Map() }
  return { fields: new Map(parts.map(([name = '', type = '']) => [name, typeOf(type)])) }
}

function castStruct(schema: StructSchema, fields: ReadonlyMap<string, CastType>): Schema {
  return schemas.struct(
    schema.fields.map(field => {
      const type = fields.get(field.name)
      return [field.name, type === undefined ? field.schema : castSchema(field.schema, type, {})] as const
    }),
    { ...basicsOf(schema), ...optionalityOf(schema) },
  )
}

/** A name that gave the old type its meaning does not go over to the new one. */
function castSchema(schema: Schema, type: CastType, basics: ReturnType<typeof basicsOf>): Schema {
  const isLogical = Object.values<string | undefined>(LogicalName).includes(basics.name)
  return schemas[type]({
    ...(isLogical ? {} : basics),
    ...optionalityOf(schema),
    ...(schema.default != null && { default: castValue(schema, schema.default, type) }),
  })
}
