import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inLogScope, withLogContext } from '../../../../framework/telemetry/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

test('messages of all levels begin with the context, those of children and scopes too', () => {
  const logger = new MemoryLogger()
  const task = withLogContext(logger, 'orders|task-0')
  for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) task[level]({ level }, 'said')
  inLogScope(task, 'offsets').child({ a: 1 }).info({}, 'committed')
  assert.deepEqual(
    logger.lines.map(({ level, message }) => `${level} ${message}`),
    [
      ...['trace', 'debug', 'info', 'warn', 'error'].map(level => `${level} [orders|task-0] said`),
      'info [orders|task-0|offsets] committed',
    ],
  )
})

test('a logger without a context stays as it is', () => {
  const logger = new MemoryLogger()
  assert.equal(inLogScope(logger, 'offsets'), logger)
})
