import type { ConfigDefinition } from '../api/config-definition.ts'
import { parseLiteral } from '../converters/simple-header/parse-literal.ts'
import { recordTransform } from './built-in.ts'

const dropDefinition = {
  headers: {
    type: 'list',
    doc: 'names of the headers to drop',
    validate: text => (text === '' ? 'must name at least one' : undefined),
  },
} as const satisfies ConfigDefinition

/** Drops headers by their name. */
export const DropHeaders = recordTransform(dropDefinition, ({ headers }) => record => {
  const kept = record.headers.filter(({ key }) => !headers.includes(key))
  return kept.length === record.headers.length ? record : { ...record, headers: kept }
})

const insertDefinition = {
  header: { type: 'string', doc: 'name of the header' },
  'value.literal': { type: 'string', doc: 'its value, as SimpleHeaderConverter reads it: 5 is a number' },
} as const satisfies ConfigDefinition

/** Adds a header that is always the same. */
export const InsertHeader = recordTransform(insertDefinition, config => {
  const header = { key: config.header, ...parseLiteral(config['value.literal']) }
  return record => ({ ...record, headers: [...record.headers, header] })
})

/** Drops every record that it is given: for use with a predicate. */
export const Filter = recordTransform({}, () => () => null)
