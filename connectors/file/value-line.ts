import type { ConnectValue, Schema } from '../../framework/api/index.ts'
import { JsonTexts } from '../../framework/converters/json/json-texts.ts'
import { valueText } from '../../framework/converters/value-text.ts'

const json = new JsonTexts({ decimals: 'NUMERIC', replaceNullWithDefault: false })

/** A value as Java's `toString` prints it; arrays, maps and objects as JSON; bytes as the text that they are in UTF-8. */
export function valueLine(schema: Schema | null, value: ConnectValue): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')
  if (Array.isArray(value) || value instanceof Map || schema?.type === 'struct' || isPlain(value)) return json.of(schema, value)
  return valueText(schema, value)
}

function isPlain(value: ConnectValue): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
