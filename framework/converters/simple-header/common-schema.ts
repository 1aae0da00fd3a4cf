import type { SchemaAndValue } from '../../api/converter.ts'
import type { Schema } from '../../api/data.ts'

const WIDER: readonly string[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']

/** The schema that holds all of them, optional where one is null; null when there is none, as for a text beside a number. */
export function commonSchema(items: readonly SchemaAndValue[]): Schema | null {
  let common: Schema | null = null
  for (const { schema, value } of items) {
    if (value === null) continue
    if (schema === null) return null
    common = common === null ? schema : wider(common, schema)
    if (common === null) return null
  }
  if (common === null || items.every(({ value }) => value !== null)) return common
  return { ...common, optional: true }
}

function wider(a: Schema, b: Schema): Schema | null {
  if (JSON.stringify(a) === JSON.stringify(b)) return a
  if (a.name !== undefined || b.name !== undefined) return null
  const [rankA, rankB] = [WIDER.indexOf(a.type), WIDER.indexOf(b.type)]
  if (rankA < 0 || rankB < 0) return null
  return rankA > rankB ? a : b
}
