import {
  type ConnectValue,
  DataError,
  Decimal,
  entriesOf,
  fieldValue,
  isStruct,
  kindOf,
  type Schema,
  type Struct,
} from '../api/data.ts'
import { floatText, shortestFloat } from './number-text.ts'

/** A value as Java's `toString` prints it: `[1, 2]`, `{a=1}`, `Struct{a=1}`. Dates are ISO 8601 in UTC. @throws DataError for bytes */
export function valueText(schema: Schema | null, value: ConnectValue): string {
  if (typeof value === 'string') return value
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return numberText(schema, value)
  if (value instanceof Decimal) return value.toString()
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) {
    const items = schema?.type === 'array' ? schema.items : null
    return `[${value.map((item: ConnectValue) => valueText(items, item)).join(', ')}]`
  }
  if (schema?.type === 'struct' && isStruct(value)) return structText(schema.fields, value)
  if (value instanceof Map || isStruct(value)) return mapText(schema, value as Struct)
  throw new DataError(
    `${kindOf(value)} cannot be written as text; use org.apache.kafka.connect.converters.ByteArrayConverter for bytes`,
  )
}

/** A whole number without a schema is taken for an integer, since JavaScript does not tell 5 from 5.0. */
function numberText(schema: Schema | null, value: number): string {
  if (schema?.type === 'float32') return floatText(shortestFloat(value))
  return schema?.type === 'float64' || !Number.isInteger(value) ? floatText(value) : String(value)
}

function structText(fields: (Schema & { readonly type: 'struct' })['fields'], value: Struct): string {
  const present = fields.map(field => [field, fieldValue(value, field)] as const).filter(([, item]) => item !== null)
  return `Struct{${present.map(([{ name, schema }, item]) => `${name}=${valueText(schema, item)}`).join(',')}}`
}

function mapText(schema: Schema | null, map: Struct): string {
  const [keys, values] = schema?.type === 'map' ? [schema.keys, schema.values] : [null, null]
  const entries = Array.from(entriesOf(map), ([key, value]) => `${valueText(keys, key)}=${valueText(values, value)}`)
  return `{${entries.join(', ')}}`
}
