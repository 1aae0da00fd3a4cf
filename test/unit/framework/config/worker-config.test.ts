import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../../../../framework/api/connect-error.ts'
import { parseWorkerConfig } from '../../../../framework/config/worker-config.ts'

const needed = { 'group.id': 'A-mm2', 'offset.storage.topic': 'o', 'config.storage.topic': 'c', 'status.storage.topic': 's' }

test('defaults: offsets every second, the rest as in Kafka Connect', () => {
  const config = parseWorkerConfig(needed)
  assert.equal(config.offsetFlushIntervalMs, 1000)
  assert.equal(config.offsetFlushTimeoutMs, 5000)
  assert.equal(config.taskShutdownGracefulTimeoutMs, 5000)
  assert.equal(config.sessionTimeoutMs, 10000)
  assert.equal(config.heartbeatIntervalMs, 3000)
  assert.equal(config.rebalanceTimeoutMs, 60000)
  assert.deepEqual([config.offsetStoragePartitions, config.statusStoragePartitions], [25, 5])
  assert.equal(config.groupId, 'A-mm2')
  assert.ok(Object.isFrozen(config))
})

test('what is written wins; other storage keys are settings of the topics; the rest is left alone', () => {
  const config = parseWorkerConfig({
    ...needed,
    'offset.flush.interval.ms': ' 60000 ',
    'offset.storage.replication.factor': '-1',
    'offset.storage.segment.bytes': ' 1048576 ',
    'status.storage.cleanup.policy': 'delete',
    'some.other.key': 'x',
  })
  assert.equal(config.offsetFlushIntervalMs, 60000)
  assert.equal(config.offsetStorageReplicationFactor, -1)
  assert.deepEqual(config.storageTopicSettings, { offset: { 'segment.bytes': '1048576' }, config: {}, status: {} })
})

test('all problems at once, under the names in the file', () => {
  const { 'group.id': _, ...rest } = needed
  assert.throws(
    () => parseWorkerConfig({ ...rest, 'offset.flush.interval.ms': '0', 'session.timeout.ms': '10s' }),
    (e: unknown) => {
      assert.ok(e instanceof ConfigError)
      assert.deepEqual(
        e.problems.map(p => p.key),
        ['group.id', 'offset.flush.interval.ms', 'session.timeout.ms'],
      )
      assert.match(e.message, /session\.timeout\.ms = 10s: must be a whole number/)
      return true
    },
  )
})
