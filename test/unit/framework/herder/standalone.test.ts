import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CLOCK, CONFIG, createInjector, LOGGER, METER, OFFSETS, openConnect, TRACER } from '../../../../framework/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'
import { folder, problemsOf, Sink, Source, WORKER, withConnect } from './connect-fixtures.ts'

describe('a worker', () => {
  test('with several mistakes is told all of them at once', async () => {
    const worker = {
      'bootstrap.servers': 'localhost',
      'offset.flush.interval.ms': 'soon',
      'topic.creation.enable': 'maybe',
      'security.protocol': 'TLS',
      'value.converter': 'JsonConvertor',
      'offset.storage.file.filename': join(folder, 'o.json'),
      'offset.storage.topic': 'offsets',
      'isthmus.restart.max': 'often',
    }
    const problems = await problemsOf(() => openConnect({ worker, logger: new MemoryLogger() }))
    const keys = [
      'offset.flush.interval.ms',
      'topic.creation.enable',
      'offset.storage.file.filename',
      'bootstrap.servers',
      'security.protocol',
      'value.converter',
      'isthmus.restart.max',
    ]
    assert.deepEqual(problems.map(line => line.slice(0, line.indexOf(' '))).sort(), keys.sort())
    assert.ok(problems.some(line => /JsonConvertor: is not known here; did you mean JsonConverter\?/.test(line)))
  })

  test('without a place for offsets is told so', async () => {
    const [problem = ''] = await problemsOf(() => openConnect({ worker: {}, logger: new MemoryLogger() }))
    assert.match(problem, /^offset\.storage\.file\.filename: is missing; name the file .* or a topic as offset\.storage\.topic/)
  })

  test('warns of what it does not know, with the nearest it knows, and of what has no effect', async () => {
    await withConnect({ 'value.convertor': 'x', listeners: 'http://:8083' }, async (_, logger) => {
      const warnings = logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
      assert.deepEqual(warnings, [
        'value.convertor: is not known and has no effect; did you mean value.converter?',
        'listeners: has no effect here: this worker has no REST interface; remove it',
      ])
    })
  })

  test('takes the environment before its file', async () => {
    const env = { CONNECT_OFFSET_FLUSH_INTERVAL_MS: 'never' }
    const problems = await problemsOf(() => openConnect({ worker: WORKER, env, logger: new MemoryLogger() }))
    assert.deepEqual(problems, ['offset.flush.interval.ms = never: must be a whole number of 64 bits, digits only'])
  })
})

describe('a connector', () => {
  test('with several mistakes is told all of them at once, its own keys included', async () => {
    await withConnect({ 'connector.client.config.override.policy': 'Principal' }, async connect => {
      const config = {
        'tasks.max': '0',
        depth: '0',
        transforms: 'route',
        'errors.tolerance': 'some',
        'producer.override.linger.ms': '5',
        'topic.creation.default.partitions': '3',
      }
      const problems = await problemsOf(() => connect.check(config, Source))
      for (const pattern of [
        /^name: is missing/,
        /^tasks\.max = 0: must be at least 1/,
        /^depth = 0: must be at least 1/,
        /^feed: is missing/,
        /^transforms\.route\.type: is missing/,
        /^errors\.tolerance = some: must be one of none, all/,
        /^producer\.override\.linger\.ms = 5: The 'Principal' policy does not allow 'linger\.ms' to be overridden in the connector configuration/,
      ]) {
        assert.ok(
          problems.some(line => pattern.test(line)),
          `${pattern} is not among\n${problems.join('\n')}`,
        )
      }
    })
  })

  test('is warned of a key that nobody knows', async () => {
    await withConnect({}, async (connect, logger) => {
      await connect.check({ name: 'a', feed: 'x', dept: '2' }, Source)
      assert.ok(
        logger.lines.some(
          ({ message }) => message === '[a|worker] dept: is not known to Source and has no effect; did you mean depth?',
        ),
      )
    })
  })

  test('a sink needs topics', async () => {
    await withConnect({}, async connect => {
      const problems = await problemsOf(() => connect.start({ name: 'a' }, Sink))
      assert.ok(
        problems.some(line => line.startsWith('topics: say which topics to read')),
        problems.join('\n'),
      )
    })
  })

  test('has its variables resolved, and is shown with them', async () => {
    writeFileSync(join(folder, 'secrets.properties'), 'feed=from-the-file\n')
    const seen: string[] = []
    class Looking extends Source {
      override async start(context?: { readonly config: Readonly<Record<string, string>> }): Promise<void> {
        seen.push(context?.config.feed ?? '')
      }
      override async taskConfigs(): Promise<readonly Record<string, string>[]> {
        return []
      }
    }
    const providers = { 'config.providers': 'file', 'config.providers.file.class': 'FileConfigProvider' }
    await withConnect(providers, async connect => {
      const feed = `\${file:${join(folder, 'secrets.properties')}:feed}`
      await connect.start({ name: 'a', feed }, Looking)
      assert.deepEqual(seen, ['from-the-file'])
      assert.equal(connect.describe('a').config.feed, feed)
    })
  })

  test('and one of the same name are not both started', async () => {
    await withConnect({}, async connect => {
      await connect.start({ name: 'a', feed: 'x' }, Source)
      await assert.rejects(connect.start({ name: 'a', feed: 'x' }, Source), { code: 'CONNECTOR_EXISTS' })
      await connect.remove('a')
      await connect.start({ name: 'a', feed: 'x' }, Source)
    })
  })
})

test('a class is given the services that its static list names, and a host’s own', async () => {
  const TABLE = Symbol('Table')
  const injector = createInjector()
  injector.provide(TABLE, () => 'of the host')
  const given: unknown[] = []
  class Asking extends Source {
    static readonly inject = [LOGGER, CONFIG, OFFSETS, METER, TRACER, CLOCK, TABLE]
    constructor(...services: readonly unknown[]) {
      super()
      given.splice(0, given.length, ...services)
    }
  }
  const connect = await openConnect({ worker: WORKER, injector, logger: new MemoryLogger() })
  await connect.start({ name: 'a', feed: 'x' }, Asking)
  const [logger, config, offsets, meter, tracer, clock, table] = given as [
    { info: unknown },
    Record<string, string>,
    (partitions: readonly object[]) => Promise<unknown[]>,
    { createCounter: unknown },
    { startSpan: unknown },
    { now(): number },
    string,
  ]
  assert.equal(config.feed, 'x')
  assert.equal(table, 'of the host')
  assert.deepEqual(await offsets([{ feed: 'x' }]), [null])
  for (const method of [logger.info, meter.createCounter, tracer.startSpan]) assert.equal(typeof method, 'function')
  assert.ok(Math.abs(clock.now() - Date.now()) < 1_000)
  await connect.stop()
})

test('what a worker tells of itself: a connector that cannot start comes first, with its reason, and is an event', async () => {
  class Broken extends Source {
    override async start(): Promise<void> {
      throw new Error('the feed is closed')
    }
  }
  await withConnect({}, async connect => {
    await connect.start({ name: 'sound', feed: 'x' }, Source)
    await connect.start({ name: 'broken', feed: 'x' }, Broken)
    const { program, health, flows, connectors, events } = connect.report('mine/1')
    assert.deepEqual([program, health.state, flows], ['mine/1', 'DEGRADED', []])
    assert.deepEqual(
      connectors.map(({ name, state, severity, partitions }) => [name, state, severity, partitions?.count]),
      [
        ['broken', 'FAILED', 'error', 0],
        ['sound', 'RUNNING', 'ok', 0],
      ],
    )
    assert.match(connectors[0]?.error?.message ?? '', /the feed is closed/)
    assert.deepEqual(
      events.map(({ kind, severity, connector, count }) => [kind, severity, connector, count]),
      [['connector-failed', 'error', 'broken', 1]],
    )
  })
})

test('offsets are refused a folder that is not there, before anything starts', async () => {
  const file = join(folder, 'nowhere', 'offsets.json')
  const worker = { ...WORKER, 'offset.storage.file.filename': file }
  const [problem = ''] = await problemsOf(() => openConnect({ worker, logger: new MemoryLogger() }))
  assert.ok(problem.startsWith(`offset.storage.file.filename = ${file}: its folder cannot be written to`), problem)
})

test('what a worker says of the clients of its connectors is wrong by its own key', async () => {
  await withConnect({ 'consumer.max.poll.records': 'all' }, async connect => {
    const problems = await problemsOf(() => connect.check({ name: 'a', topics: 'x' }, Sink))
    assert.deepEqual(problems, ['consumer.max.poll.records = all: must be a whole number of 32 bits, digits only'])
    await connect.check({ name: 'a', topics: 'x', 'consumer.override.max.poll.records': '5' }, Sink)
  })
})
