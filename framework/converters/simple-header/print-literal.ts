import {
  type ConnectValue,
  DataError,
  Decimal,
  entriesOf,
  fieldValue,
  isStruct,
  kindOf,
  LogicalName,
  type Schema,
  type Struct,
} from '../../api/data.ts'
import { valueText } from '../value-text.ts'

/** The text that `parseLiteral` reads the value from. Text by itself is as it is, inside of a list or a map it has quotes. */
export function printLiteral(schema: Schema | null, value: ConnectValue, place: 'alone' | 'inside' = 'alone'): string {
  if (typeof value === 'string') return place === 'alone' ? value : quoted(value)
  if (value === null || typeof value !== 'object' || value instanceof Decimal) return valueText(schema, value)
  if (value instanceof Date) return dateText(schema, value)
  if (value instanceof Uint8Array) {
    const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')
    return place === 'alone' ? text : quoted(text)
  }
  if (Array.isArray(value)) {
    const items = schema?.type === 'array' ? schema.items : null
    return `[${value.map((item: ConnectValue) => printLiteral(items, item, 'inside'))}]`
  }
  if (value instanceof Map || isStruct(value)) return `{${entriesText(schema, value as Struct)}}`
  throw new DataError(`${kindOf(value)} cannot be written into a header`)
}

function entriesText(schema: Schema | null, value: Struct): string[] {
  if (schema?.type === 'struct') {
    return schema.fields.map(field => `${quoted(field.name)}:${printLiteral(field.schema, fieldValue(value, field), 'inside')}`)
  }
  const [keys, values] = schema?.type === 'map' ? [schema.keys, schema.values] : [null, null]
  return Array.from(entriesOf(value), ([k, v]) => `${printLiteral(keys, k, 'inside')}:${printLiteral(values, v, 'inside')}`)
}

/** Without a schema as Java does it: the first day of 1970 is taken for a time of day, midnight for a date. */
function dateText(schema: Schema | null, date: Date): string {
  const iso = date.toISOString()
  const ms = date.getTime()
  if (schema?.name === LogicalName.TIME || (schema === null && ms < 86_400_000)) return iso.slice(11)
  if (schema?.name === LogicalName.DATE || (schema === null && ms % 86_400_000 === 0)) return iso.slice(0, 10)
  return iso
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
