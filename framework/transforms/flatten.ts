import type { ConfigDefinition } from '../api/config-definition.ts'
import {
  type ConnectValue,
  DataError,
  isStruct,
  memberOf,
  type Schema,
  type SchemaField,
  type Struct,
  type StructSchema,
  schema as schemas,
} from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { basicsOf, oncePerSchema, readField, requireObject, requireStruct } from './structs.ts'

const definition = {
  delimiter: { type: 'string', default: '.', doc: 'what stands between the names' },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

const PURPOSE = 'flattening'

interface Leaf {
  readonly name: string
  readonly path: readonly SchemaField[]
  readonly schema: Schema
}

/** Makes one level of many: `a.b`. Lists stay as they are. */
export const Flatten = sideTransform(definition, (config, side) => {
  const replaceNull = config['replace.null.with.default']
  const flatOf = oncePerSchema((schema: StructSchema) => {
    const leaves = [...leavesOf(schema, [], schema.optional === true, defaultOf(schema), config.delimiter)]
    return {
      leaves,
      schema: schemas.struct(
        leaves.map(leaf => [leaf.name, leaf.schema] as const),
        basicsOf(schema),
      ),
    }
  })
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (value === null) return record
    if (schema === null) {
      const entries = [...flatEntries(requireObject(value, PURPOSE), '', config.delimiter)]
      return side.replace(record, null, Object.fromEntries(entries))
    }
    const [structSchema, struct] = requireStruct(schema, value, PURPOSE)
    const flat = flatOf(structSchema)
    const entries = flat.leaves.map(({ name, path }) => [name, valueAt(struct, path, replaceNull)] as const)
    return side.replace(record, flat.schema, Object.fromEntries(entries))
  }
})

/** A leaf is optional where anything above it is, and has the default that a struct above it gives it. */
function* leavesOf(
  schema: StructSchema,
  path: readonly SchemaField[],
  isOptional: boolean,
  fromParent: Struct | undefined,
  delimiter: string,
): Generator<Leaf> {
  for (const field of schema.fields) {
    const at = [...path, field]
    const optional = isOptional || field.schema.optional === true
    const otherwise = field.schema.default ?? (fromParent && memberOf(fromParent, field.name)) ?? null
    if (field.schema.type === 'struct') {
      yield* leavesOf(field.schema, at, optional, isStruct(otherwise) ? otherwise : undefined, delimiter)
      continue
    }
    if (field.schema.type === 'map')
      throw new DataError(`Flatten does not support map (field ${field.name}); drop it with ReplaceField first`)
    const { optional: _optional, default: _default, ...bare } = field.schema
    yield {
      name: at.map(step => step.name).join(delimiter),
      path: at,
      schema: Object.freeze({
        ...bare,
        ...(optional && { optional }),
        ...(otherwise !== null && { default: otherwise }),
      }) as Schema,
    }
  }
}

function defaultOf(schema: StructSchema): Struct | undefined {
  return isStruct(schema.default) ? schema.default : undefined
}

function valueAt(struct: Struct, path: readonly SchemaField[], replaceNull: boolean): ConnectValue {
  let value: ConnectValue = struct
  for (const field of path) {
    if (value === null) return null
    value = readField(value as Struct, field, replaceNull)
  }
  return value
}

function* flatEntries(object: Struct, prefix: string, delimiter: string): Generator<readonly [string, ConnectValue]> {
  for (const [key, value = null] of Object.entries(object)) {
    const name = prefix === '' ? key : `${prefix}${delimiter}${key}`
    if (isStruct(value) || value instanceof Map) yield* flatEntries(requireObject(value, PURPOSE), name, delimiter)
    else yield [name, value]
  }
}
