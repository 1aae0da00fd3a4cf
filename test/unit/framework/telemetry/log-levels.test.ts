import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger, inComponent, LogLevels } from '../../../../framework/telemetry/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

function logging(levels: LogLevels) {
  const lines: string[] = []
  const logger = createLogger({ levels, format: 'json', destination: { write: line => lines.push(JSON.parse(line).component) } })
  return { logger, taken: () => lines.splice(0) }
}

test('a component has its own level, or that of the nearest above it', () => {
  const levels = new LogLevels('warn')
  levels.begin([
    ['isthmus.mirror', 'debug'],
    ['isthmus.mirror.source', 'error'],
    ['connector.orders', 'trace'],
  ])
  assert.equal(levels.level('isthmus.kafka').level, 'warn')
  assert.equal(levels.level('isthmus.mirror.checkpoint').level, 'debug')
  assert.equal(levels.level('isthmus.mirror.source').level, 'error')
  assert.equal(levels.level('connector.orders').level, 'trace')
  assert.equal(levels.level('connector.others').level, 'warn')
})

test('a level that is changed counts at once for loggers handed out before, and for their children', () => {
  const levels = new LogLevels('info')
  const { logger, taken } = logging(levels)
  const kafka = inComponent(logger, 'isthmus.kafka').child({ topic: 'orders' })
  const source = inComponent(logger, 'isthmus.mirror.source')
  const orders = inComponent(logger, 'connector.orders')
  const say = (): readonly string[] => {
    for (const one of [kafka, source, orders]) one.debug({}, 'x')
    return taken()
  }
  assert.deepEqual(say(), [])
  levels.change('isthmus.mirror', 'debug')
  assert.deepEqual(say(), ['isthmus.mirror.source'])
  levels.change('isthmus', 'trace')
  assert.deepEqual(say(), ['isthmus.kafka', 'isthmus.mirror.source'])
  levels.change('root', 'debug')
  levels.change('isthmus.kafka', 'silent')
  assert.deepEqual(say(), ['isthmus.mirror.source', 'connector.orders'])
})

test('a change reaches all below, whatever they had; that of root only those that have none of their own', () => {
  const levels = new LogLevels('info')
  levels.begin([['isthmus.mirror.source', 'error']])
  const changed = levels.change('isthmus.mirror', 'debug', 42)
  assert.equal(changed[0], 'isthmus.mirror')
  assert.ok(changed.includes('isthmus.mirror.source') && !changed.includes('isthmus.kafka'))
  assert.deepEqual(levels.level('isthmus.mirror.source'), { level: 'debug', modifiedMs: 42 })
  assert.deepEqual(levels.change('root', 'warn'), ['root'])
  assert.equal(levels.level('isthmus.mirror.source').level, 'debug')
  assert.equal(levels.level('isthmus.kafka').level, 'warn')
})

test('connectors named a and a.b have nothing to do with each other', () => {
  const levels = new LogLevels()
  const { logger } = logging(levels)
  inComponent(logger, 'connector.a.b')
  assert.deepEqual(levels.change('connector.a', 'debug'), ['connector.a'])
  assert.deepEqual(levels.change('connector', 'error'), ['connector', 'connector.a', 'connector.a.b'])
})

test('however many connectors come and go, components are few', () => {
  const levels = new LogLevels()
  for (let i = 0; i < 10_000; i++) levels.entry(`connector.c${i}`)
  assert.ok(levels.components.length <= 2_000)
  levels.change('connector', 'error')
  assert.equal(levels.entry('connector.c9999').severity, 50, 'those beyond have what connector has')
})

test('a level that is off costs a comparison: no field is looked at, a million lines take less than a fifth of a second', () => {
  const { logger } = logging(new LogLevels('info'))
  const kafka = inComponent(logger, 'isthmus.kafka')
  const fields = {
    get payload(): string {
      throw new Error('somebody looked')
    },
  }
  const before = process.cpuUsage()
  for (let i = 0; i < 1_000_000; i++) kafka.debug(fields, 'nobody reads this')
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 200_000, `${user + system} µs`)
})

test("a host program's logger is used as it is", () => {
  const plain = new MemoryLogger()
  assert.equal(inComponent(plain, 'isthmus.kafka'), plain)
})
