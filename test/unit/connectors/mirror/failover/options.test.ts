import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLookOptions, parseMoveOptions } from '../../../../../connectors/mirror/failover/options.ts'
import { ConfigError } from '../../../../../framework/api/index.ts'

const problemsOf = (options: Parameters<typeof parseMoveOptions>[0]): string[] => {
  try {
    parseMoveOptions(options)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key, message }) => `${key}: ${message}`)
    throw error
  }
}

test('a move is planned or applied, one of the two', () => {
  assert.equal(parseMoveOptions({ timeout: '15', plan: true }).mode, 'plan')
  assert.equal(parseMoveOptions({ timeout: '15', apply: true, force: true }).mode, 'apply')
  assert.match(problemsOf({ timeout: '15' }).join(), /^--plan: give --plan to see what would be done, or --apply to do it$/)
  assert.match(problemsOf({ timeout: '15', plan: true, apply: true }).join(), /^--plan: .*not both$/)
})

test('groups are taken once each, and times in seconds', () => {
  const options = parseLookOptions({ timeout: '2.5', group: ['g', 'h', 'g'], json: true })
  assert.deepEqual(options, { groups: ['g', 'h'], json: true, timeoutMs: 2500 })
})

test('every problem is told at once', () => {
  assert.deepEqual(problemsOf({ timeout: 'soon' }), [
    '--timeout: must be a number of seconds from 1 to 86400',
    '--plan: give --plan to see what would be done, or --apply to do it',
  ])
})
