import assert from 'node:assert/strict'
import { test } from 'node:test'
import { componentNamed, connectLevel, LOG_COMPONENTS, levelNamed } from '../../../../framework/telemetry/index.ts'

test('every component is found by its name, a connector by connector and its name', () => {
  for (const name of Object.keys(LOG_COMPONENTS)) assert.equal(componentNamed(name), name)
  assert.equal(componentNamed('connector.my.orders'), 'connector.my.orders')
  assert.equal(componentNamed('ROOT'), 'root')
  for (const name of ['', 'isthmus.', 'isthmus.nothing', 'connector.', 'kafka', 'org.reflections', 'toString'])
    assert.equal(componentNamed(name), undefined, name)
})

test("Java's loggers stand for what does the same here, the longest name that fits first", () => {
  assert.equal(componentNamed('org.apache.kafka.connect.mirror'), 'isthmus.mirror')
  assert.equal(componentNamed('org.apache.kafka.connect.mirror.MirrorSourceTask'), 'isthmus.mirror.source')
  assert.equal(componentNamed('org.apache.kafka.connect.mirror.MirrorUtils'), 'isthmus.mirror')
  assert.equal(componentNamed('org.apache.kafka.connect'), 'isthmus')
  assert.equal(componentNamed('org.apache.kafka.connect.runtime.WorkerSinkTask'), 'isthmus.runtime.task')
  assert.equal(componentNamed('org.apache.kafka.clients.consumer.internals.Fetcher'), 'isthmus.kafka')
  assert.equal(componentNamed('org.apache.kafkaesque'), undefined)
})

test('levels are read as we and as Java call them, and written as Kafka Connect does', () => {
  assert.deepEqual(['DEBUG', 'warn', 'Fatal', 'OFF', 'silent', 'all', 'loud', ''].map(levelNamed), [
    'debug',
    'warn',
    'error',
    'silent',
    'silent',
    'trace',
    undefined,
    undefined,
  ])
  assert.deepEqual((['trace', 'info', 'silent'] as const).map(connectLevel), ['TRACE', 'INFO', 'OFF'])
})
