import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigDefinition } from '../../../../framework/api/config-definition.ts'
import { ConfigError } from '../../../../framework/api/connect-error.ts'
import { parseConfig } from '../../../../framework/config/parse.ts'
import { parseValue } from '../../../../framework/config/values.ts'

const definition = {
  name: { type: 'string', doc: 'the name' },
  on: { type: 'boolean', default: 'true', doc: '' },
  items: { type: 'list', default: 'a, b', doc: '' },
  count: { type: 'int', default: '1', min: 1, max: 10, doc: '' },
  forever: { type: 'long', default: null, doc: '' },
  level: { type: 'string', default: 'low', oneOf: ['low', 'high'], doc: '' },
  'db.password': { type: 'password', default: null, doc: '' },
} as const satisfies ConfigDefinition

test('values are typed, blanks around them forgiven, defaults filled in', () => {
  const config = parseConfig(definition, {
    name: ' x ',
    on: ' FALSE ',
    items: ' a ,b,, c ',
    forever: '9223372036854775807',
    'db.password': ' p ',
    other: '',
  })
  const name: string = config.name
  const forever: number | null = config.forever
  assert.equal(name, 'x')
  assert.equal(config.on, false)
  assert.deepEqual(config.items, ['a', 'b', '', 'c'])
  assert.equal(config.count, 1)
  assert.equal(forever, Number.MAX_SAFE_INTEGER)
  assert.equal(config['db.password'], ' p ')
  assert.ok(Object.isFrozen(config))
  assert.deepEqual(parseConfig(definition, { name: '', items: '  ' }).items, [])
})

test('all problems come at once, secrets masked', () => {
  const broken = {
    ...definition,
    'db.password': { type: 'password', default: null, doc: '', validate: () => 'is too short' },
  } as const
  assert.throws(
    () => parseConfig(broken, { on: 'yes', count: '11', forever: '9223372036854775808', level: 'mid', 'db.password': 'x1' }),
    (e: unknown) => {
      assert.ok(e instanceof ConfigError)
      assert.deepEqual(e.problems, [
        { key: 'name', message: 'is missing; set it: the name' },
        { key: 'on', value: 'yes', message: 'must be true or false' },
        { key: 'count', value: '11', message: 'must be at most 10' },
        {
          key: 'forever',
          value: '9223372036854775808',
          message: 'must be a whole number of 64 bits, from -9223372036854775808 to 9223372036854775807',
        },
        { key: 'level', value: 'mid', message: 'must be one of low, high' },
        { key: 'db.password', value: '[hidden]', message: 'is too short' },
      ])
      return true
    },
  )
})

test('numbers are read as Java reads them', () => {
  const problem = (text: string): boolean => 'problem' in parseValue({ type: 'int', doc: '' }, text)
  for (const text of ['0', '-5', '+5', ' 7 ', '2147483647', '-2147483648']) assert.ok(!problem(text), text)
  for (const text of ['', '1.0', '1e3', '0x10', '1_000', '2147483648', 'ten', '- 5']) assert.ok(problem(text), text)
})
