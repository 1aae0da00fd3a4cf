import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandCall } from '../../../../../framework/api/command.ts'
import { ConfigError } from '../../../../../framework/api/index.ts'
import { parseStatusOptions } from '../../../../../framework/cli/status/options.ts'

function parse(options: CommandCall['options'], ...args: readonly string[]) {
  return parseStatusOptions({ arguments: args, options: { partitions: '10', events: '5', ...options } })
}

function problems(options: CommandCall['options']): string[] {
  try {
    parse(options)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key, message }) => `${key} ${message}`)
    throw error
  }
  return []
}

test('it looks once unless it is to watch, every two seconds or as often as said', () => {
  assert.equal(parse({}).watchMs, undefined)
  assert.equal(parse({ watch: true }).watchMs, 2000)
  assert.equal(parse({ watch: '0.5' }).watchMs, 500)
})

test('what follows --watch and is no number is what is to be watched', () => {
  const { argument, watchMs } = parse({ watch: 'mm2.properties' })
  assert.deepEqual([argument, watchMs], ['mm2.properties', 2000])
})

test('all that is wrong is told at once', () => {
  const whole = 'must be a whole number from 0 to 999999'
  assert.deepEqual(problems({ partitions: 'many', events: '-1', watch: '0' }), [
    `--partitions ${whole}`,
    `--events ${whole}`,
    '--watch must be a number of seconds from 0.1 to 3600',
  ])
  assert.deepEqual(problems({ watch: true, check: true }), [
    '--check looks once, --watch does not end by itself: leave one of them out',
  ])
})
