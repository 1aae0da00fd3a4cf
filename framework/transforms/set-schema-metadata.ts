import type { ConfigDefinition } from '../api/config-definition.ts'
import { DataError, type Schema } from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { oncePerSchema } from './structs.ts'

const definition = {
  'schema.name': { type: 'string', default: null, doc: 'the name the schema gets' },
  'schema.version': { type: 'int', default: null, doc: 'the version the schema gets' },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

/** Gives the schema another name or version. */
export const SetSchemaMetadata = sideTransform(definition, (config, side) => {
  const { 'schema.name': name, 'schema.version': version } = config
  const updated = oncePerSchema(
    (schema: Schema): Schema =>
      Object.freeze({ ...schema, ...(name !== null && { name }), ...(version !== null && { version }) }),
  )
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (schema === null && value === null) return record
    if (schema === null) throw new DataError('Schema required for [updating schema metadata]')
    return side.replace(record, updated(schema), value)
  }
})
