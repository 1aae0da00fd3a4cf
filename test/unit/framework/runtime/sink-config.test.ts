import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigError } from '../../../../framework/index.ts'
import { defaultSinkTaskSettings } from '../../../../framework/runtime/index.ts'
import { parseSinkConfig } from '../../../../framework/runtime/sink-config.ts'
import { sinkServices } from '../../../../framework/runtime/sink-services.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

test('topics alone are enough: the rest are the defaults of the runtime', () => {
  const { selection, settings, groupId } = parseSinkConfig({ topics: 'a, b', 'connector.class': 'x' })
  assert.deepEqual([selection, settings, groupId], [{ topics: ['a', 'b'] }, defaultSinkTaskSettings, undefined])
})

test('a pattern matches whole names', () => {
  const { selection } = parseSinkConfig({ 'topics.regex': 'a|b.*' })
  const pattern = 'pattern' in selection ? selection.pattern : undefined
  assert.deepEqual(
    ['a', 'bc', 'ab', 'cb'].map(name => pattern?.test(name)),
    [true, true, false, false],
  )
})

test('exactly one of topics and topics.regex is to be given, and the pattern to be one', () => {
  assert.throws(() => parseSinkConfig({}), /topics: say which topics to read/)
  assert.throws(() => parseSinkConfig({ topics: 'a', 'topics.regex': 'b' }), /topics.regex = b: remove it, or remove topics/)
  assert.throws(() => parseSinkConfig({ 'topics.regex': '(' }), /topics.regex = \(: Invalid regular expression/)
})

test('what a connector overrides of its consumer counts', () => {
  const { settings, groupId } = parseSinkConfig({
    topics: 'a',
    'consumer.override.group.id': 'mine',
    'consumer.override.auto.offset.reset': 'none',
    'consumer.override.isolation.level': 'read_uncommitted',
    'consumer.override.max.poll.records': '7',
    'consumer.override.partition.assignment.strategy': 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
  })
  assert.equal(groupId, 'mine')
  const { offsetReset, isolation, maxRecords, assignors } = settings
  assert.deepEqual(
    { offsetReset, isolation, maxRecords, assignors },
    {
      offsetReset: 'none',
      isolation: 'read_uncommitted',
      maxRecords: 7,
      assignors: ['cooperative-sticky'],
    },
  )
})

test('mistakes name the key, the value and what would do', () => {
  const override = (key: string, value: string) => () => parseSinkConfig({ topics: 'a', [`consumer.override.${key}`]: value })
  assert.throws(override('auto.offset.reset', 'begin'), /auto.offset.reset = begin: must be one of earliest, latest, none/)
  assert.throws(override('heartbeat.interval.ms', '20000'), /heartbeat.interval.ms = 20000: must be at most a third of .* 45000/)
  assert.throws(override('partition.assignment.strategy', 'Sticky'), /must be one of org.apache.*RangeAssignor/)
})

test('the group is connect-<name> unless the configuration names another', () => {
  const client = { bootstrapServers: ['b:9092'] }
  const logger = new MemoryLogger()
  assert.equal(sinkServices({ client, connectorName: 'x', config: { topics: 'a' }, logger }).groupId, 'connect-x')
  const config = { topics: 'a', 'consumer.override.group.id': 'mine' }
  assert.equal(sinkServices({ client, connectorName: 'x', config, logger }).groupId, 'mine')
})

test('a dead-letter topic has three replicas and no headers beside those of its records by default, and is none that is read', () => {
  const of = (more: Readonly<Record<string, string>>) =>
    parseSinkConfig({ topics: 'a, b', 'errors.deadletterqueue.topic.name': 'dlq', ...more }).deadLetters
  assert.deepEqual(of({}), { topic: 'dlq', replicationFactor: 3, headers: 'none' })
  const more = { 'errors.deadletterqueue.topic.replication.factor': '1', 'errors.deadletterqueue.context.headers.enable': 'true' }
  assert.deepEqual(of(more), { topic: 'dlq', replicationFactor: 1, headers: 'context' })
  assert.equal(of({ 'errors.deadletterqueue.topic.name': '' }), undefined)
  const isRead = /errors.deadletterqueue.topic.name = (b|x-dlq): choose another name: this is a topic that the connector reads/
  assert.throws(() => of({ 'errors.deadletterqueue.topic.name': 'b' }), isRead)
  const pattern = { topics: '', 'topics.regex': 'x-.*', 'errors.deadletterqueue.topic.name': 'x-dlq' }
  assert.throws(() => parseSinkConfig(pattern), isRead)
  assert.equal(parseSinkConfig({ ...pattern, 'errors.deadletterqueue.topic.name': 'dlq-x-1' }).deadLetters?.topic, 'dlq-x-1')
})

test('every mistake is told at once', () => {
  const config = {
    'consumer.override.isolation.level': 'dirty',
    'errors.tolerance': 'some',
    'errors.deadletterqueue.topic.replication.factor': '0',
  }
  assert.throws(
    () => parseSinkConfig(config),
    (error: ConfigError) => {
      assert.deepEqual(
        error.problems.map(({ key }) => key),
        ['consumer.override.isolation.level', 'topics', 'errors.tolerance', 'errors.deadletterqueue.topic.replication.factor'],
      )
      return true
    },
  )
})
