import type { ConfigDefinition } from '../api/config-definition.ts'
import { type StructSchema, schema as schemas } from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { configProblem } from './config-problem.ts'
import { basicsOf, oncePerSchema, readField, requireObject, requireStruct } from './structs.ts'

const definition = {
  exclude: { type: 'list', default: '', doc: 'fields to drop; wins over include' },
  include: { type: 'list', default: '', doc: 'the only fields to keep; empty = all' },
  renames: { type: 'list', default: '', doc: 'fields to rename: old:new,old:new' },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

/** Drops, keeps or renames fields. */
export const ReplaceField = sideTransform(definition, (config, side) => {
  const renames = new Map(config.renames.map(parseRename))
  const isKept = (name: string) =>
    !config.exclude.includes(name) && (config.include.length === 0 || config.include.includes(name))
  const renamed = (name: string) => renames.get(name) ?? name
  const keptOf = oncePerSchema((schema: StructSchema) => {
    const fields = schema.fields.filter(({ name }) => isKept(name))
    return {
      fields,
      schema: schemas.struct(
        fields.map(field => [renamed(field.name), field.schema] as const),
        basicsOf(schema),
      ),
    }
  })
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (value === null) return record
    if (schema === null) {
      const entries = Object.entries(requireObject(value, 'field replacement')).filter(([name]) => isKept(name))
      return side.replace(record, null, Object.fromEntries(entries.map(([name, item]) => [renamed(name), item])))
    }
    const [structSchema, struct] = requireStruct(schema, value, 'field replacement')
    const kept = keptOf(structSchema)
    const entries = kept.fields.map(
      field => [renamed(field.name), readField(struct, field, config['replace.null.with.default'])] as const,
    )
    return side.replace(record, kept.schema, Object.fromEntries(entries))
  }
})

function parseRename(rename: string): [string, string] {
  const [from = '', to = '', ...more] = rename.split(':')
  if (from === '' || to === '' || more.length > 0) throw configProblem('renames', rename, 'must be old:new, separated by commas')
  return [from, to]
}
