import type { ConfigKey, ConfigType } from '../api/config-definition.ts'

/** What a value of each type is in a program. `long` beyond 2^53 is held as 2^53 - 1: such values mean "for ever". */
export interface ValueTypes {
  readonly string: string
  readonly boolean: boolean
  readonly int: number
  readonly long: number
  readonly double: number
  readonly list: readonly string[]
  readonly class: string
  readonly password: string
}

export type Value = ValueTypes[ConfigType]

/** A value, or what is wrong with it and how to mend it. */
export type ParsedValue = { readonly value: Value } | { readonly problem: string }

/** Reads one value as Kafka's `ConfigDef` does: blanks around it do not count, save in passwords. */
export function parseValue(key: ConfigKey, text: string): ParsedValue {
  const parsed = parseType(key.type, text)
  if ('problem' in parsed) return parsed
  const problem = check(key, parsed.value, text)
  return problem === undefined ? parsed : { problem }
}

function parseType(type: ConfigType, text: string): ParsedValue {
  const trimmed = text.trim()
  switch (type) {
    case 'string':
    case 'class':
      return { value: trimmed }
    case 'password':
      return { value: text }
    case 'boolean':
      return /^(true|false)$/i.test(trimmed) ? { value: trimmed.toLowerCase() === 'true' } : { problem: 'must be true or false' }
    case 'list':
      return { value: trimmed === '' ? [] : trimmed.split(/\s*,\s*/) }
    case 'int':
      return parseInteger(trimmed, -(2n ** 31n), 2n ** 31n - 1n, 'a whole number of 32 bits')
    case 'long':
      return parseInteger(trimmed, -(2n ** 63n), 2n ** 63n - 1n, 'a whole number of 64 bits')
    case 'double':
      return trimmed !== '' && Number.isFinite(Number(trimmed)) ? { value: Number(trimmed) } : { problem: 'must be a number' }
  }
}

function parseInteger(text: string, min: bigint, max: bigint, what: string): ParsedValue {
  if (!/^[+-]?\d+$/.test(text)) return { problem: `must be ${what}, digits only` }
  const value = BigInt(text.replace(/^\+/, ''))
  if (value < min || value > max) return { problem: `must be ${what}, from ${min} to ${max}` }
  return { value: Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value))) }
}

function check(key: ConfigKey, value: Value, text: string): string | undefined {
  if (typeof value === 'number') {
    if (key.min !== undefined && value < key.min) return `must be at least ${key.min}`
    if (key.max !== undefined && value > key.max) return `must be at most ${key.max}`
  }
  if (key.oneOf !== undefined) {
    const items = Array.isArray(value) ? value : [String(value)]
    if (!items.every(item => key.oneOf?.includes(item))) return `must be one of ${key.oneOf.join(', ')}`
  }
  return key.validate?.(text.trim())
}
