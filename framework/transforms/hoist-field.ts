import type { ConfigDefinition } from '../api/config-definition.ts'
import { type Schema, schema as schemas } from '../api/data.ts'
import { sideTransform } from './built-in.ts'
import { oncePerSchema } from './structs.ts'

const definition = {
  field: { type: 'string', doc: 'name of the one field' },
} as const satisfies ConfigDefinition

/** Wraps the key or value into a struct of one field. */
export const HoistField = sideTransform(definition, ({ field }, side) => {
  const hoisted = oncePerSchema((schema: Schema) => schemas.struct([[field, schema]]))
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    return side.replace(record, schema === null ? null : hoisted(schema), Object.fromEntries([[field, value]]))
  }
})
