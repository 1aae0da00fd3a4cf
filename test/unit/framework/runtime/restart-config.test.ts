import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRestartSettings } from '../../../../framework/runtime/index.ts'

test('nothing is restarted by itself unless it is asked for, as in Kafka Connect', () => {
  assert.deepEqual(parseRestartSettings({}), { max: 0, withinMs: 3_600_000, initialDelayMs: 1_000, maxDelayMs: 60_000 })
})

test("a connector's own keys count before its worker's", () => {
  const worker = { 'isthmus.restart.max': '3', 'isthmus.restart.delay.ms': '50' }
  const connector = { 'isthmus.restart.max': '7', 'isthmus.restart.within.ms': '1000', 'isthmus.restart.delay.max.ms': '200' }
  assert.deepEqual(parseRestartSettings(worker, connector), { max: 7, withinMs: 1_000, initialDelayMs: 50, maxDelayMs: 200 })
})

test('every mistake is named', () => {
  const keys = { 'isthmus.restart.max': '-1', 'isthmus.restart.within.ms': 'an hour' }
  assert.throws(() => parseRestartSettings(keys), /isthmus\.restart\.max.*\n.*isthmus\.restart\.within\.ms/)
  const delays = { 'isthmus.restart.delay.ms': '500', 'isthmus.restart.delay.max.ms': '100' }
  assert.throws(() => parseRestartSettings(delays), /isthmus\.restart\.delay\.max\.ms = 100: must not be less than .* 500/)
})
