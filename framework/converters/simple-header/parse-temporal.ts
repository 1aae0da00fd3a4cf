import type { SchemaAndValue } from '../../api/converter.ts'
import { type Schema, schema as schemas } from '../../api/data.ts'

const DATE = /^\d{4}-\d\d-\d\d$/
const TIME = /^\d\d:\d\d:\d\d\.\d{3}Z$/
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** `2026-01-31`, `23:59:59.999Z` or `2026-01-31T23:59:59.999Z`, in UTC; undefined when it is none, or no such day or time exists. */
export function parseTemporal(text: string): SchemaAndValue | undefined {
  if (DATE.test(text)) return existing(schemas.date(), `${text}T00:00:00.000Z`)
  if (TIME.test(text)) return existing(schemas.time(), `1970-01-01T${text}`)
  return TIMESTAMP.test(text) ? existing(schemas.timestamp(), text) : undefined
}

function existing(schema: Schema, iso: string): SchemaAndValue | undefined {
  const value = new Date(iso)
  return Number.isNaN(value.getTime()) || value.toISOString() !== iso ? undefined : { schema, value }
}
