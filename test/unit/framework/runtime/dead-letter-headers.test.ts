import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, DataError } from '../../../../framework/index.ts'
import { contextHeaders } from '../../../../framework/runtime/dead-letter-headers.ts'

const record = {
  topic: 't',
  partition: 3,
  offset: 42,
  key: null,
  value: null,
  headers: [],
  timestamp: -1,
  timestampType: 'CreateTime',
} as const

const read = (error: ConnectError): Record<string, string | null> =>
  Object.fromEntries(
    contextHeaders('my-sink-12', record, error).map(({ key, value }) => [
      key.replace('__connect.errors.', ''),
      value === null ? null : Buffer.from(value).toString(),
    ]),
  )

test('a name of a connector may have dashes, its task is the last part', () => {
  const headers = read(new ConnectError('X', 'x', { kind: 'fatal', stage: 'deliver' }))
  assert.deepEqual(
    [headers['connector.name'], headers['task.id'], headers.partition, headers.offset],
    ['my-sink', '12', '3', '42'],
  )
})

test('the exception is what was thrown, the trace goes from the error to its first cause', () => {
  const root = new RangeError('too deep')
  const cause = new DataError('payload.a is no int32', { cause: root })
  const error = new ConnectError('CONVERSION_FAILED', 'the value cannot be converted', {
    kind: 'fatal',
    stage: 'value-converter',
    className: 'JsonConverter',
    cause,
  })
  const headers = read(error)
  assert.deepEqual(
    [headers.stage, headers['class.name'], headers['exception.class.name'], headers['exception.message']],
    ['VALUE_CONVERTER', 'JsonConverter', 'DataError', 'payload.a is no int32'],
  )
  const trace = headers['exception.stacktrace'] ?? ''
  assert.match(trace, /^ConnectError: the value cannot be converted\n {4}at /)
  assert.match(trace, /\nCaused by: DataError: payload.a is no int32\n {4}at [\s\S]*\nCaused by: RangeError: too deep\n/)
})

test('what was thrown need not be an error, nor say anything; causes that go round end', () => {
  const thrown = (cause: unknown) => read(new ConnectError('X', 'x', { kind: 'fatal', stage: 'deliver', cause }))
  assert.deepEqual([thrown('full')['exception.class.name'], thrown('full')['exception.message']], ['string', 'full'])
  assert.equal(thrown(new Error(''))['exception.message'], null)
  const round = new Error('round')
  round.cause = round
  assert.equal(thrown(round)['exception.stacktrace']?.match(/Caused by/g)?.length, 1)
})
