import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../../../../framework/api/index.ts'
import { parseSourceConfig } from '../../../../framework/runtime/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

type Properties = Readonly<Record<string, string>>

function parsed(config: Properties) {
  const logger = new MemoryLogger()
  const source = parseSourceConfig(config, logger)
  return { ...source, warnings: logger.lines.map(({ message }) => message) }
}

function problemsOf(config: Properties): string[] {
  try {
    parseSourceConfig(config, new MemoryLogger())
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key, message }) => `${key}: ${message}`)
    throw error
  }
  return []
}

const DEFAULT = { 'topic.creation.default.replication.factor': '-1', 'topic.creation.default.partitions': '4' }

test('a connector that says nothing of topics has none created, and compresses as the worker does', () => {
  const { creation, codec, warnings } = parsed({ name: 'x', topic: 'y' })
  assert.deepEqual([creation, codec, warnings], [undefined, undefined, []])
  assert.equal(parsed({ 'producer.override.compression.type': 'zstd' }).codec, 'zstd')
})

test('a topic is created as the first group says that it belongs to, else as the default group does', () => {
  const { creation, warnings } = parsed({
    ...DEFAULT,
    'topic.creation.default.retention.ms': '1000',
    'topic.creation.groups': 'small, wide',
    'topic.creation.small.include': 'log, log-\\d+',
    'topic.creation.small.exclude': 'log-1',
    'topic.creation.small.partitions': '1',
    'topic.creation.small.cleanup.policy': 'compact',
    'topic.creation.wide.include': 'log.*',
    'topic.creation.wide.replication.factor': '2',
  })
  assert.deepEqual(warnings, [])
  const made = ['log', 'log-7', 'log-1', 'a-log', 'alog'].map(name => {
    const { group, partitions, replicationFactor, configs } = creation!(name)
    return [name, group, partitions, replicationFactor, configs]
  })
  assert.deepEqual(made, [
    ['log', 'small', 1, -1, { 'cleanup.policy': 'compact' }],
    ['log-7', 'small', 1, -1, { 'cleanup.policy': 'compact' }],
    ['log-1', 'wide', 4, 2, {}],
    ['a-log', 'default', 4, -1, { 'retention.ms': '1000' }],
    ['alog', 'default', 4, -1, { 'retention.ms': '1000' }],
  ])
})

test('every mistake is told at once, with its key and what to do', () => {
  const problems = problemsOf({
    'topic.creation.groups': 'g',
    'topic.creation.default.partitions': '0',
    'topic.creation.default.include': 'x',
    'topic.creation.g.include': '(',
    'topic.creation.g.replication.factor': 'two',
    'producer.override.compression.type': 'brotli',
    'errors.tolerance': 'some',
  })
  assert.deepEqual(
    problems.map(problem => problem.split(':')[0]),
    [
      'errors.tolerance',
      'topic.creation.default.partitions',
      'topic.creation.default.replication.factor',
      'topic.creation.default.include',
      'topic.creation.g.replication.factor',
      'topic.creation.g.include',
      'producer.override.compression.type',
    ],
  )
  assert.match(problems[2]!, /is missing; it is required as soon as topic\.creation\.groups is set; -1 = what the brokers have/)
})

test('keys without effect are warned about, with what was meant', () => {
  const { warnings } = parsed({
    ...DEFAULT,
    'topic.creation.groups': 'compacted,empty',
    'topic.creation.compacted.include': '.*',
    'topic.creation.compactd.partitions': '3',
    'topic.creation.enable': 'true',
  })
  assert.deepEqual(warnings, [
    'topic.creation.compactd.partitions has no effect: topic.creation.groups does not name compactd; did you mean compacted?',
    'topic.creation.enable has no effect: it belongs into the configuration of the worker',
    'topic.creation.groups names empty, which is for no topic: set topic.creation.empty.include',
  ])
})
