import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { ExportRecord } from '../../../../../framework/cli/telemetry/export-record.ts'
import { withExports } from '../../../../../framework/cli/telemetry/status-with-exports.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'
import { report } from '../status/reports.ts'

const ENDPOINT = 'http://127.0.0.1:4318/v1/traces'
let nowMs = 0
mock.method(performance, 'now', () => nowMs)
mock.method(Date, 'now', () => 1_700_000_000_000 + nowMs)
beforeEach(() => {
  nowMs = 0
})

function traces(): { readonly record: ExportRecord; readonly told: () => string[] } {
  const logger = new MemoryLogger()
  const record = new ExportRecord({ signal: 'traces', endpoint: ENDPOINT, logger })
  return { record, told: () => logger.lines.map(({ level, message }) => `${level}: ${message}`) }
}

test('an outage of an hour is told as it begins, once a minute, and when it is over, with what was lost and what to do', () => {
  const { record, told } = traces()
  for (; nowMs < 3_600_000; nowMs += 1_000) record.refused('ECONNREFUSED', 10)
  record.took(512)
  record.took(512)
  const lines = told()
  assert.equal(lines.length, 61)
  assert.equal(
    lines[0],
    `warn: traces cannot be sent to ${ENDPOINT}: ECONNREFUSED; nothing else is held up, 10 spans are lost so far: see that a collector takes OTLP over HTTP there`,
  )
  assert.match(lines[1]!, / 610 spans are lost so far/)
  assert.equal(lines[60], `info: traces are sent to ${ENDPOINT} again; 36000 spans were lost`)
  assert.deepEqual([record.sent, record.failed, record.spansSent, record.spansLost.not_taken], [2, 3_600, 1_024, 36_000])
})

test('a collector that takes every other request is told of twice a minute at most, and is one event', () => {
  const { record, told } = traces()
  for (; nowMs < 300_000; nowMs += 1_000) {
    if (nowMs % 2_000 === 0) record.refused('it answered 503')
    else record.took(1)
  }
  assert.equal(told().length, 10)
  assert.deepEqual(
    record.events.map(({ severity, count }) => [severity, count]),
    [
      ['warning', 150],
      ['ok', 1],
    ],
  )
})

test('a queue that overflows although the collector takes all it can is trouble with an advice of its own, until it keeps up', () => {
  const { record, told } = traces()
  for (; nowMs < 5_000; nowMs += 100) {
    record.queueFull()
    if (nowMs % 1_000 === 0) record.took(512)
  }
  assert.ok(record.isFailing)
  nowMs = 20_000
  record.took(512)
  assert.ok(!record.isFailing)
  const [first, last, ...more] = told()
  assert.match(first!, /more spans are made than it takes.*lower isthmus\.trace\.ratio/)
  assert.equal(last, `info: traces are sent to ${ENDPOINT} again; 50 spans were lost`)
  assert.deepEqual(more, [])
  assert.equal(record.spansLost.queue_full, 50)
})

test('the status shows it as an event in its place in time, and the health stays as it is', () => {
  const { record } = traces()
  const flowing = { severity: 'ok', kind: 'flowing', firstMs: 1_700_000_001_000, lastMs: 1_700_000_001_000, count: 1 } as const
  const before = report({ events: [{ ...flowing, message: 'goes on' }] })
  assert.equal(withExports(before, [record]), before)
  nowMs = 500
  record.refused('it answered 503')
  const after = withExports(before, [record])
  assert.deepEqual(
    after.events.map(({ kind, code }) => [kind, code]),
    [
      ['flowing', undefined],
      ['telemetry', 'TRACES_NOT_SENT'],
    ],
  )
  assert.deepEqual(after.health, before.health)
})

test('ten outages are kept as events, however many there were', () => {
  const { record } = traces()
  for (; nowMs < 100 * 200_000; nowMs += 200_000) {
    record.refused('ECONNREFUSED', 1)
    record.took(1)
  }
  assert.equal(record.events.length, 10)
})
