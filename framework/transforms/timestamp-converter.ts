import type { ConfigDefinition } from '../api/config-definition.ts'
import {
  type ConnectValue,
  DataError,
  kindOf,
  LogicalName,
  memberOf,
  type Schema,
  type StructSchema,
  schema as schemas,
} from '../api/data.ts'
import { REPLACE_NULL, sideTransform } from './built-in.ts'
import { configProblem } from './config-problem.ts'
import { dateFormat } from './date-format.ts'
import type { SimpleDateFormat } from './simple-date-format.ts'
import { basicsOf, oncePerSchema, optionalityOf, readField, requireObject, requireStruct } from './structs.ts'

const PER_SECOND = { seconds: 1n, milliseconds: 1_000n, microseconds: 1_000_000n, nanoseconds: 1_000_000_000n } as const

const definition = {
  field: { type: 'string', default: '', doc: 'name of the field; empty = the whole is the timestamp' },
  'target.type': { type: 'string', oneOf: ['string', 'unix', 'Date', 'Time', 'Timestamp'], doc: 'what it becomes' },
  format: { type: 'string', default: '', doc: 'pattern of java.text.SimpleDateFormat, in UTC, for timestamps that are text' },
  'unix.precision': {
    type: 'string',
    default: 'milliseconds',
    oneOf: Object.keys(PER_SECOND),
    doc: 'unit of timestamps that are numbers',
  },
  ...REPLACE_NULL,
} as const satisfies ConfigDefinition

/** Turns timestamps from one representation into another. */
export const TimestampConverter = sideTransform(definition, (config, side) => {
  const { field: fieldName, 'target.type': type } = config
  if (type === 'string' && config.format === '') throw configProblem('format', '', 'must be set when target.type is string')
  const format = config.format === '' ? undefined : dateFormat('format', config.format)
  const unitsPerSecond = PER_SECOND[config['unix.precision'] as keyof typeof PER_SECOND]
  const convert = (schema: Schema | null, value: ConnectValue): ConnectValue => {
    return value === null ? null : fromDate(toDate(schema, value, format, unitsPerSecond), type, format, unitsPerSecond)
  }
  const schemaOf = oncePerSchema((schema: StructSchema) =>
    schemas.struct(
      schema.fields.map(
        field => [field.name, field.name === fieldName ? targetSchema(type, field.schema) : field.schema] as const,
      ),
      { ...basicsOf(schema), ...optionalityOf(schema) },
    ),
  )
  return record => {
    const schema = side.schema(record)
    const value = side.value(record)
    if (fieldName === '') return side.replace(record, schema && targetSchema(type, schema), convert(schema, value))
    if (schema === null) {
      if (value === null) return record
      const object = requireObject(value, PURPOSE)
      return side.replace(record, null, { ...object, [fieldName]: convert(null, memberOf(object, fieldName) ?? null) })
    }
    if (schema.type !== 'struct') throw new DataError(`Only Struct objects supported for [${PURPOSE}], found: ${schema.type}`)
    if (value === null) return side.replace(record, schemaOf(schema), null)
    const struct = requireStruct(schema, value, PURPOSE)[1]
    const entries = schema.fields.map((field): [string, ConnectValue] => {
      const item = readField(struct, field, config['replace.null.with.default'])
      return [field.name, field.name === fieldName ? convert(field.schema, item) : item]
    })
    return side.replace(record, schemaOf(schema), Object.fromEntries(entries))
  }
})

const PURPOSE = 'converting timestamp formats'
const DAY_MS = 86_400_000

function targetSchema(type: string, { optional }: Schema): Schema {
  const traits = optional ? { optional } : {}
  switch (type) {
    case 'string':
      return schemas.string(traits)
    case 'unix':
      return schemas.int64(traits)
    case 'Date':
      return schemas.date(traits)
    case 'Time':
      return schemas.time(traits)
    default:
      return schemas.timestamp(traits)
  }
}

function toDate(schema: Schema | null, value: ConnectValue, format: SimpleDateFormat | undefined, unitsPerSecond: bigint): Date {
  if (value instanceof Date) return value
  const isUnix = schema === null || (schema.type === 'int64' && schema.name !== LogicalName.TIMESTAMP)
  if (isUnix && (typeof value === 'bigint' || Number.isSafeInteger(value))) {
    const date = new Date(Number((BigInt(value as number | bigint) * 1_000n) / unitsPerSecond))
    if (Number.isNaN(date.getTime())) throw new DataError(`${value} is beyond the dates there are; check unix.precision`)
    return date
  }
  if (typeof value !== 'string')
    throw new DataError(`${schema?.type ?? kindOf(value)} is no timestamp; int64, string, Date, Time and Timestamp are`)
  if (format === undefined) throw new DataError(`the timestamp ${JSON.stringify(value)} is text; set format to its pattern`)
  const date = format.parse(value)
  if (date === undefined) throw new DataError(`the timestamp ${JSON.stringify(value)} does not match its format`)
  return date
}

function fromDate(date: Date, type: string, format: SimpleDateFormat | undefined, unitsPerSecond: bigint): ConnectValue {
  const ms = date.getTime()
  switch (type) {
    case 'string':
      return format?.format(date) ?? null
    case 'unix': {
      const units = (BigInt(ms) * unitsPerSecond) / 1_000n
      return Number.isSafeInteger(Number(units)) ? Number(units) : units
    }
    case 'Date':
      return new Date(ms - (((ms % DAY_MS) + DAY_MS) % DAY_MS))
    case 'Time':
      return new Date(((ms % DAY_MS) + DAY_MS) % DAY_MS)
    default:
      return date
  }
}
