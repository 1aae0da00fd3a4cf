import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../framework/api/index.ts'
import { createLogger, type LoggerOptions } from '../../../../framework/telemetry/index.ts'

function captured(options: LoggerOptions) {
  const lines: string[] = []
  const logger = createLogger({ ...options, destination: { write: line => lines.push(line) } })
  return { logger, lines }
}

const failure = new ConnectError('WRITE_FAILED', 'orders-3 does not take records', {
  kind: 'retriable',
  stage: 'produce',
  cause: new Error('socket closed'),
})

test('json: one object per line, with level names, child fields, and errors with their causes but no stack', () => {
  const { logger, lines } = captured({ format: 'json' })
  logger.child({ task: 'm-0' }).error({ error: failure, offset: 12n, bytes: Buffer.alloc(9) }, 'It failed')
  const line = JSON.parse(lines[0]!)
  assert.match(line.time, /^\d{4}-\d\d-\d\dT/)
  const { time: _, ...rest } = line
  assert.deepEqual(rest, {
    level: 'error',
    task: 'm-0',
    component: 'isthmus',
    error: {
      name: 'ConnectError',
      message: 'orders-3 does not take records',
      code: 'WRITE_FAILED',
      kind: 'retriable',
      stage: 'produce',
      cause: { name: 'Error', message: 'socket closed' },
    },
    offset: '12',
    bytes: '[9 bytes]',
    msg: 'It failed',
  })
})

test('an error under err is logged as one under error is', () => {
  const { logger, lines } = captured({ format: 'json' })
  logger.warn({ err: failure, topic: 'orders' }, 'x')
  logger.warn({ error: failure, topic: 'orders' }, 'x')
  const [first, second] = lines.map(line => ({ ...JSON.parse(line), time: undefined }))
  assert.deepEqual(first, second)
})

test('an error that holds several is logged with each of them and their causes, ten at most', () => {
  const refused = new Error('connect ECONNREFUSED ::1:9092', { cause: new Error('nobody listens') })
  const all = new AggregateError([refused, new Error('connect ECONNREFUSED 127.0.0.1:9092')], '')
  const error = new ConnectError('CONNECT_FAILED', 'broker 1 cannot be reached', { kind: 'retriable', stage: 'poll', cause: all })
  const { logger, lines } = captured({ format: 'json' })
  logger.error({ error }, 'x')
  assert.deepEqual(JSON.parse(lines[0]!).error.cause, {
    name: 'AggregateError',
    message: '',
    errors: [
      { name: 'Error', message: 'connect ECONNREFUSED ::1:9092', cause: { name: 'Error', message: 'nobody listens' } },
      { name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:9092' },
    ],
  })
  logger.error({ error: new AggregateError(Array.from({ length: 50 }, (_, i) => new Error(`no ${i}`))) }, 'y')
  assert.deepEqual(JSON.parse(lines[1]!).error.errors.slice(9), [{ name: 'Error', message: 'no 9' }, '[40 more]'])
  const pretty = captured({ format: 'pretty' })
  pretty.logger.error({ error }, 'x')
  assert.match(
    pretty.lines[0]!,
    /ERROR x \(caused by: broker 1 .*\(caused by: connect ECONNREFUSED ::1:9092\) \(caused by: nobody listens\) \(caused by: connect ECONNREFUSED 127/,
  )
})

test('verbose adds stacks', () => {
  const { logger, lines } = captured({ format: 'json', verbose: true })
  logger.warn({ error: failure }, 'x')
  assert.match(JSON.parse(lines[0]!).error.stack, /logger\.test/)
  const pretty = captured({ format: 'pretty', verbose: true })
  pretty.logger.warn({ error: failure }, 'x')
  assert.ok(pretty.lines[0]!.split('\n').length > 3)
})

test('pretty: one line of text with message, error, causes and fields', () => {
  const { logger, lines } = captured({ format: 'pretty' })
  logger.info({ topic: 'orders', n: 3 }, 'Copying')
  logger.error({ error: failure }, 'Task m-0 failed')
  assert.match(lines[0]!, /^\d\d:\d\d:\d\d\.\d{3} INFO {2}Copying topic=orders n=3\n$/)
  assert.match(lines[1]!, /ERROR Task m-0 failed \(caused by: orders-3 does not take records\) \(caused by: socket closed\)\n$/)
})

test('the level decides', () => {
  const { logger, lines } = captured({ format: 'json', level: 'warn' })
  logger.trace({}, 'no')
  logger.debug({}, 'no')
  logger.info({}, 'no')
  logger.warn({}, 'yes')
  assert.equal(lines.length, 1)
})

test('secrets never appear: by the name of a field, or in any text', () => {
  const secret = 'hunter2'
  for (const format of ['json', 'pretty'] as const) {
    const { logger, lines } = captured({ format, level: 'trace', verbose: true })
    const jaas = `ScramLoginModule required username="u" password="${secret}";`
    const error = new Error(`login with ${jaas}`, { cause: new Error(`ssl.keystore.password=${secret}`) })
    const config = { 'sasl.jaas.config': jaas, 'ssl.key.password': secret, clientSecret: secret, nested: [{ password: secret }] }
    logger.child({ password: secret }).error({ error, config, text: jaas }, `Failed: ${jaas}`)
    assert.ok(!lines.join('').includes(secret), lines.join(''))
    assert.match(lines[0]!, /hidden/)
  }
})

test('fields that refer to themselves do not end the program', () => {
  const { logger, lines } = captured({ format: 'json' })
  const loop: Record<string, unknown> = {}
  loop.self = loop
  logger.info({ loop }, 'ok')
  assert.equal(lines.length, 1)
})
