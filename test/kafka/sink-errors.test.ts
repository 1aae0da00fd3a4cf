import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { concatMap } from 'rxjs'
import { type Bridge, type DumpedRecord, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { ConfiguredSink, recordByRecord } from './configured-sink.ts'
import { eventually } from './eventually.ts'

const P = '__connect.errors.'
const CONTEXT = [
  'topic',
  'partition',
  'offset',
  'connector.name',
  'task.id',
  'stage',
  'class.name',
  'exception.class.name',
  'exception.message',
  'exception.stacktrace',
]

/** Those of Connect, without their prefix. */
const contextOf = ({ headers }: DumpedRecord): Record<string, string> =>
  Object.fromEntries(headers.filter(([key]) => key.startsWith(P)).map(([key, value]) => [key.slice(P.length), String(value)]))

describe('records that a sink cannot take', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'errors' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const run = (
    t: TestContext,
    topic: string,
    config: Readonly<Record<string, string>>,
    deliver?: ConstructorParameters<typeof ConfiguredSink>[2],
  ): ConfiguredSink => {
    const sink = new ConfiguredSink(kafka, { name: topic, topics: topic, ...config }, deliver)
    t.after(() => sink.stop())
    return sink
  }

  const withDeadLetters = (topic: string, tolerance: 'none' | 'all' = 'all') => ({
    'errors.tolerance': tolerance,
    'errors.deadletterqueue.topic.name': `${topic}-dlq`,
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  })

  const committed = async (topic: string): Promise<string> =>
    (await bridge.groupOffsets(kafka, `connect-${topic}`))
      .map(({ partition, offset }) => `${partition}:${offset}`)
      .sort()
      .join(' ')

  const isCommitted = (topic: string, offsets: string) =>
    eventually(
      `committed ${offsets}`,
      () => committed(topic),
      found => found === offsets,
    )

  test('tolerance all and a dead-letter topic: key, value, headers and timestamp are those that were sent, with the ten headers', async t => {
    const topic = 'poison'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    const sent = {
      partition: 0,
      timestamp: 1_700_000_000_123,
      key: Buffer.of(0, 255, 1),
      value: Buffer.from('{"broken": \u00e4'),
      headers: [
        ['a', 'one'],
        ['b', null],
        ['a', Buffer.of(254)],
      ] as const,
    }
    await bridge.produce(kafka, topic, [{ value: '{"id":1}' }, sent, { value: '{"id":2}' }])
    const sink = run(t, topic, { ...withDeadLetters(topic), 'key.converter': 'ByteArrayConverter' })
    await sink.task.has(2)
    await isCommitted(topic, '0:3')
    assert.deepEqual(
      sink.task.values.map(({ value }) => value),
      [{ id: 1 }, { id: 2 }],
    )
    const [letter, ...others] = await bridge.dump(kafka, `${topic}-dlq`)
    assert.equal(others.length, 0)
    assert.ok(letter)
    assert.deepEqual([letter.key, letter.value, letter.timestamp], [sent.key, sent.value, sent.timestamp])
    assert.deepEqual(
      letter.headers.slice(0, 3).map(([key, value]) => [key, value]),
      [
        ['a', Buffer.from('one')],
        ['b', null],
        ['a', Buffer.of(254)],
      ],
    )
    assert.deepEqual(
      letter.headers.slice(3).map(([key]) => key),
      CONTEXT.map(name => P + name),
    )
    const { 'exception.message': message, 'exception.stacktrace': stack, ...rest } = contextOf(letter)
    assert.deepEqual(rest, {
      topic,
      partition: '0',
      offset: '1',
      'connector.name': topic,
      'task.id': '0',
      stage: 'VALUE_CONVERTER',
      'class.name': 'JsonConverter',
      'exception.class.name': 'DataError',
    })
    assert.match(message ?? '', /is not JSON/)
    assert.match(stack ?? '', /poison\/0\/1 cannot be converted[\s\S]*Caused by: DataError[\s\S]*Caused by: SyntaxError/)
    const { partitions } = await bridge.describeTopic(kafka, `${topic}-dlq`)
    assert.equal(partitions.length, 1)
    const { errors, skipped, deadLetters, deadLetterFailures } = sink.host.recordErrors
    assert.deepEqual(
      { errors, skipped, deadLetters, deadLetterFailures },
      { errors: 1, skipped: 1, deadLetters: 1, deadLetterFailures: 0 },
    )
  })

  test('a sink that fails one record in a thousand: the others all arrive once, the failed ones are dead letters with their headers', async t => {
    const topic = 'thousand'
    const count = 5_000
    await bridge.createTopic(kafka, topic, { partitions: 2 })
    for (let from = 0; from < count; from += 1_000) {
      const records = Array.from({ length: 1_000 }, (_, i) => from + i)
      await bridge.produce(
        kafka,
        topic,
        records.map(id => ({ partition: id % 2, key: `k${id}`, value: `{"id":${id}}`, headers: [['h', `h${id}`]] as const })),
        { batchBytes: 8_192 },
      )
    }
    const idOf = (value: unknown): number => (value as { readonly id: number }).id
    const write = ({ value }: { readonly value: unknown }): void => {
      if (idOf(value) % 1_000 === 999) throw new RangeError(`no room for ${idOf(value)}`)
    }
    const sink = run(t, topic, withDeadLetters(topic), recordByRecord(write))
    await sink.task.has(count - 5)
    await isCommitted(topic, '0:2500 1:2500')
    const ids = sink.task.values.map(({ value }) => idOf(value))
    assert.deepEqual([ids.length, new Set(ids).size], [count - 5, count - 5])
    const letters = await bridge.dump(kafka, `${topic}-dlq`)
    const failed = [1_999, 2_999, 3_999, 4_999, 999]
    assert.deepEqual(
      letters.map(({ key, value, headers }) => [String(key), String(value), headers[0]?.[0], String(headers[0]?.[1])]).sort(),
      failed.map(id => [`k${id}`, `{"id":${id}}`, 'h', `h${id}`]),
    )
    for (const letter of letters) {
      const { stage, offset, partition, ...context } = contextOf(letter)
      assert.equal(Number(offset) * 2 + Number(partition), Number(String(letter.key).slice(1)))
      assert.deepEqual([stage, context['class.name'], context['exception.class.name']], ['TASK_PUT', 'ValuesSink', 'RangeError'])
      assert.match(context['exception.message'] ?? '', /^no room for \d+$/)
    }
  })

  test('tolerance none: the task fails with "Tolerance exceeded in error handler", even where it swallows that, and nothing from the record on is committed', async t => {
    const topic = 'strict'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    for (const value of ['{"id":1}', 'no json', '{"id":2}']) await bridge.produce(kafka, topic, [{ value }])
    const seen: string[] = []
    const sink = run(t, topic, withDeadLetters(topic, 'none'), (_, batch$) =>
      batch$.pipe(
        concatMap(async batch => {
          await batch.values().catch((error: Error) => seen.push(error.message))
          return { batch }
        }),
      ),
    )
    const error = await sink.ended
    assert.equal(error?.code, 'TOLERANCE_EXCEEDED')
    assert.equal(error.stage, 'value-converter')
    assert.match(error.message, /^Tolerance exceeded in error handler of task strict-0/)
    assert.match(seen[0] ?? '', /^Tolerance exceeded in error handler/)
    const offsets = await committed(topic)
    assert.ok(['', '0:1'].includes(offsets), offsets)
    const letters = await bridge.dump(kafka, `${topic}-dlq`)
    assert.deepEqual(
      letters.map(({ value }) => String(value)),
      ['no json'],
    )
  })

  test('the reporter is null without a dead-letter topic and a log; with tolerance none a report rejects and fails the task though nobody looks', async t => {
    const topic = 'reporters'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    await bridge.produce(kafka, topic, [{ value: '1' }])
    const without = run(t, topic, { name: 'reporters-none', 'errors.tolerance': 'all' })
    await without.task.has(1)
    assert.equal(without.task.context.errantRecords, null)
    const swallowing = run(t, topic, { 'errors.log.enable': 'true' }, (sink, batch$) =>
      batch$.pipe(
        concatMap(async batch => {
          for (const value of await batch.values()) {
            await sink.context.errantRecords?.report(value, new Error('not this one')).catch(() => undefined)
          }
          return { batch }
        }),
      ),
    )
    const error = await swallowing.ended
    assert.equal(error?.code, 'TOLERANCE_EXCEEDED')
    assert.match(error.message, /^Tolerance exceeded in error handler of task reporters-0: .*not this one/)
    assert.equal(await committed(topic), '')
    const logged = swallowing.logger.lines.filter(({ message }) => message.startsWith('Error encountered in task reporters-0.'))
    assert.deepEqual(
      logged.map(({ message }) => message),
      ["Error encountered in task reporters-0. Executing stage 'TASK_PUT' with class 'ValuesSink'."],
    )
  })

  test('no offset is committed beyond records whose dead letters are not written, though the task does not wait for them', async t => {
    const topic = 'awaited'
    const count = 2_000
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    const sink = run(t, topic, withDeadLetters(topic), (task, batch$) =>
      batch$.pipe(
        concatMap(async batch => {
          for (const value of await batch.values()) {
            void batch.errantRecords?.report(value, new Error('bad'))
            task.keep(value)
          }
          task.context.requestCommit()
          return { batch }
        }),
      ),
    )
    for (let from = 0; from < count; from += 200) {
      await bridge.produce(
        kafka,
        topic,
        Array.from({ length: 200 }, (_, i) => ({ value: String(from + i) })),
      )
      const offsets = await bridge.groupOffsets(kafka, `connect-${topic}`)
      const letters = sink.task.values.length === 0 ? [] : await bridge.dump(kafka, `${topic}-dlq`)
      const until = offsets[0]?.offset ?? 0
      assert.ok(letters.length >= until, `${letters.length} dead letters, committed to ${until}`)
    }
    await sink.task.has(count)
    await isCommitted(topic, `0:${count}`)
    const letters = await bridge.dump(kafka, `${topic}-dlq`)
    assert.deepEqual(
      letters.map(({ value }) => Number(value)).sort((a, b) => a - b),
      Array.from({ length: count }, (_, i) => i),
    )
    const batches = await bridge.batches(kafka, `${topic}-dlq`, 0)
    assert.ok(batches.length < count / 10, `${batches.length} batches`)
  })

  test('a dead letter that cannot be written fails the task, is counted and loses nothing', async t => {
    const topic = 'unwritable'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    await bridge.createTopic(kafka, `${topic}-dlq`, { partitions: 1, config: { 'max.message.bytes': '500' } })
    await bridge.produce(kafka, topic, [{ value: `broken ${'x'.repeat(1_000)}` }])
    const sink = run(t, topic, withDeadLetters(topic))
    const error = await sink.ended
    assert.equal(error?.code, 'DEAD_LETTER_FAILED')
    assert.match(error.message, /cannot write a record to the dead-letter topic unwritable-dlq: .*The task fails rather than/)
    assert.deepEqual([sink.host.recordErrors.deadLetterFailures, sink.host.recordErrors.deadLetters], [1, 0])
    assert.equal(await committed(topic), '')
  })

  test('a dead-letter topic that cannot be created fails the start with the key to change', async t => {
    const topic = 'replicas'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    const sink = run(t, topic, { 'errors.deadletterqueue.topic.name': 'replicas-dlq' })
    const error = await sink.ended
    assert.equal(error?.code, 'DEAD_LETTER_TOPIC')
    assert.match(
      error.message,
      /replicas-dlq is missing and cannot be created with replication factor 3: .*errors.deadletterqueue.topic.replication.factor/,
    )
  })

  test('a transform that renames the topic: the task sees the new name, offsets are committed for the original; what it cannot take is as it was', async t => {
    const topic = 'renamed-raw'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    const config = {
      ...withDeadLetters(topic),
      transforms: 'route,unwrap',
      'transforms.route.type': 'RegexRouter',
      'transforms.route.regex': '(.*)-raw',
      'transforms.route.replacement': '$1',
      'transforms.unwrap.type': 'ExtractField$Value',
      'transforms.unwrap.field': 'id',
    }
    const sink = run(t, topic, config)
    await bridge.produce(kafka, topic, [{ value: '{"id":1}' }, { value: '"no object"' }, { value: '{"id":3}' }])
    await sink.task.has(2)
    await isCommitted(topic, '0:3')
    assert.deepEqual(
      sink.task.values.map(value => [value.topic, value.offset, value.value, value.original.topic, String(value.original.value)]),
      [
        ['renamed', 0, 1, topic, '{"id":1}'],
        ['renamed', 2, 3, topic, '{"id":3}'],
      ],
    )
    const [letter] = await bridge.dump(kafka, `${topic}-dlq`)
    const context = letter && contextOf(letter)
    assert.equal(String(letter?.value), '"no object"')
    assert.deepEqual([context?.topic, context?.offset, context?.stage], [topic, '1', 'TRANSFORMATION'])
  })

  test('a record that the task has made itself is written to the dead-letter topic as the converters write it', async t => {
    const topic = 'own'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    const sink = run(t, topic, withDeadLetters(topic), (task, batch$) =>
      batch$.pipe(
        concatMap(async batch => {
          for (const value of await batch.values()) {
            await batch.errantRecords?.report({ ...value, value: { why: 'too large', was: value.value } }, new Error('too large'))
            task.keep(value)
          }
          return { batch }
        }),
      ),
    )
    await bridge.produce(kafka, topic, [{ key: 'k', value: '{ "id": 1 }' }])
    await sink.task.has(1)
    const [letter] = await bridge.dump(kafka, `${topic}-dlq`)
    assert.deepEqual([String(letter?.key), String(letter?.value)], ['k', '{"why":"too large","was":{"id":1}}'])
    assert.equal(letter && contextOf(letter).offset, '0')
  })
})
