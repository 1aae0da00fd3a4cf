import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, ConnectError } from '../../../../framework/api/index.ts'
import {
  connectStage,
  parseErrorConfig,
  RecordErrorCounts,
  type RecordErrorLogging,
  recordErrorLog,
} from '../../../../framework/runtime/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

const refused = new ConnectError('CONVERSION_FAILED', 'no JSON', {
  kind: 'fatal',
  stage: 'value-converter',
  className: 'JsonConverter',
})
const record = {
  topic: 'orders',
  partition: 3,
  offset: 17,
  timestamp: 1_700_000_000_000,
  key: Buffer.from('secret'),
  value: null,
}

function logged(logging: RecordErrorLogging, kind: 'sink' | 'source', place = record) {
  const logger = new MemoryLogger()
  const counts = new RecordErrorCounts()
  recordErrorLog({ taskId: 'files-0', kind, logging, counts, logger })(place, refused)
  return { messages: logger.lines.map(({ level, message }) => [level, message]), counts }
}

test("the errors.* keys have Kafka Connect's defaults", () => {
  assert.deepEqual(parseErrorConfig({}), {
    settings: { tolerance: 'none', retryTimeoutMs: 0, retryDelayMaxMs: 60_000 },
    logging: 'nothing',
  })
})

test('what is said of errors is understood', () => {
  const config = {
    'errors.tolerance': 'all',
    'errors.retry.timeout': '-1',
    'errors.retry.delay.max.ms': '500',
    'errors.log.enable': 'true',
  }
  assert.deepEqual(parseErrorConfig(config), {
    settings: { tolerance: 'all', retryTimeoutMs: -1, retryDelayMaxMs: 500 },
    logging: 'error',
  })
  assert.equal(parseErrorConfig({ ...config, 'errors.log.include.messages': 'true' }).logging, 'place')
  assert.equal(parseErrorConfig({ 'errors.log.include.messages': 'true' }).logging, 'nothing')
})

test('every mistake in the errors.* keys is told at once', () => {
  assert.throws(
    () => parseErrorConfig({ 'errors.tolerance': 'some', 'errors.retry.timeout': '-2', 'errors.log.enable': 'yes' }),
    (error: unknown) =>
      error instanceof ConfigError &&
      error.problems.map(problem => problem.key).join() === 'errors.tolerance,errors.retry.timeout,errors.log.enable',
  )
})

test("a failed record is logged in Kafka Connect's words, with its place where asked for and never its content", () => {
  const said = "Error encountered in task files-0. Executing stage 'VALUE_CONVERTER' with class 'JsonConverter'"
  assert.deepEqual(logged('error', 'sink').messages, [['error', `${said}.`]])
  const place = "{topic='orders', partition=3, offset=17, timestamp=1700000000000}"
  assert.deepEqual(logged('place', 'sink').messages, [['error', `${said}, where consumed record is ${place}.`]])
  const { messages, counts } = logged('place', 'source', { ...record, timestamp: -1 })
  assert.deepEqual(messages, [['error', `${said}, where source record is {topic='orders', partition=3, offset=17}.`]])
  assert.equal(counts.logged, 1)
})

test('nothing is logged or counted where the configuration does not ask for it', () => {
  const { messages, counts } = logged('nothing', 'sink')
  assert.deepEqual(messages, [])
  assert.equal(counts.logged, 0)
})

test("stages have Kafka Connect's names", () => {
  assert.deepEqual((['transform', 'key-converter', 'header-converter', 'deliver', 'produce'] as const).map(connectStage), [
    'TRANSFORMATION',
    'KEY_CONVERTER',
    'HEADER_CONVERTER',
    'TASK_PUT',
    'KAFKA_PRODUCE',
  ])
})
