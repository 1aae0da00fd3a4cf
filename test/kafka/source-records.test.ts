import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import {
  ConnectError,
  type ConnectRecord,
  type ConnectValue,
  type Converter,
  connectRecord,
  Decimal,
  MemoryOffsetStore,
  type Schema,
  schema as s,
} from '../../framework/index.ts'
import type { PartCallbacks, TaskServices } from '../../framework/runtime/index.ts'
import { askJava, assertSameJson, envelopeOf } from '../interop/java-data.ts'
import { type Bridge, type DumpedRecord, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { FEED, RunningSource, type RunningSourceOptions } from './running-source.ts'

const values = (topic: string, ...found: readonly ConnectValue[]): readonly ConnectRecord[] =>
  found.map(value => connectRecord({ topic, value }))

/** One part per poll, then nothing. */
const each =
  (parts: readonly (readonly ConnectRecord[])[]): RunningSourceOptions['poll'] =>
  (n, stored) => {
    const part = parts[stored + 1 + n]
    return part === undefined ? [] : [part]
  }

function run(t: TestContext, kafka: KafkaCluster, options: RunningSourceOptions): RunningSource {
  const source = new RunningSource(kafka, options)
  t.after(() => source.stop())
  return source
}

const texts = (records: readonly DumpedRecord[]): string[] => records.map(({ value }) => String(value))

describe('a source of values', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let auto: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, auto, bridge] = await Promise.all([
      startCluster({ name: 'source-records' }),
      startCluster({ name: 'source-auto', config: { 'auto.create.topics.enable': 'true', 'num.partitions': '2' } }),
      startBridge(),
    ])
  })
  after(() => Promise.all([kafka?.stop(), auto?.stop(), bridge?.close()]))

  const stored = async (store: MemoryOffsetStore) => (await store.load([FEED]))[0]?.at

  test("what JsonConverter writes, Java's reads", async t => {
    await bridge.createTopic(kafka, 'orders')
    const order = s.struct({
      id: s.int64(),
      price: s.decimal(2),
      at: s.timestamp(),
      tags: s.array(s.string()),
      counts: s.map(s.string(), s.int32()),
      note: s.string({ optional: true }),
    })
    const pairs: readonly (readonly [Schema | null, ConnectValue])[] = [
      [
        order,
        {
          id: 9_007_199_254_740_993n,
          price: Decimal.parse('12.50'),
          at: new Date(5),
          tags: ['ü', '"'],
          counts: { a: 1 },
          note: null,
        },
      ],
      [s.float64(), 0.1],
      [null, { any: [1, 'two', { three: null }] }],
    ]
    const records = pairs.map(([valueSchema, value], i) => connectRecord({ topic: 'orders', key: `k${i}`, valueSchema, value }))
    const config = { 'value.converter': 'JsonConverter', 'key.converter': 'StringConverter' }
    const source = run(t, kafka, { name: 'json', config, poll: each([records]) })
    await source.acked(0)
    assert.equal(await source.stop(), undefined)
    const written = await bridge.dump(kafka, 'orders')
    assert.deepEqual(
      written.map(({ key }) => String(key)),
      ['k0', 'k1', 'k2'],
    )
    const java = await askJava(
      written.map(({ value }) => ({
        do: 'read',
        class: 'org.apache.kafka.connect.json.JsonConverter',
        config: { 'converter.type': 'value' },
        base64: value!.toString('base64'),
      })),
    )
    for (const [i, [schema, value]] of pairs.entries()) assertSameJson(envelopeOf(schema, value), java[i], `record ${i}`)
  })

  test('transforms are applied; a record they drop counts as acknowledged, also where it was all there was', async t => {
    await bridge.createTopic(kafka, 'routed')
    const config = {
      transforms: 'drop,route',
      'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
      'transforms.drop.predicate': 'gone',
      'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
      'transforms.route.regex': '(.*)-raw',
      'transforms.route.replacement': '$1',
      predicates: 'gone',
      'predicates.gone.type': 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
    }
    const offsetStore = new MemoryOffsetStore()
    const parts = [values('routed-raw', 1, null, 2), values('routed-raw', null, null)]
    const source = run(t, kafka, { name: 'routing', config, offsetStore, poll: each(parts) })
    await source.acked(1)
    assert.equal(await source.stop(), undefined)
    assert.deepEqual(
      source.task.acks.map(({ topic, count, baseOffset }) => [topic, count, baseOffset]),
      [
        ['routed', 2, 0],
        ['', 0, -1],
      ],
    )
    assert.deepEqual(texts(await bridge.dump(kafka, 'routed')), ['1', '2'])
    assert.equal(await stored(offsetStore), 1)
  })

  test('bytes pass transforms by way of the converters, and stay in their partition', async t => {
    await bridge.createTopic(kafka, 'masked', { partitions: 3 })
    const config = {
      'value.converter': 'JsonConverter',
      'value.converter.schemas.enable': 'false',
      'key.converter': 'StringConverter',
      transforms: 'mask',
      'transforms.mask.type': 'MaskField$Value',
      'transforms.mask.fields': 'iban',
    }
    const bytes = ['{"iban":"x","n":1}', '{"n":2}'].map((text, i) => ({
      topic: 'masked',
      partition: i + 1,
      key: null,
      value: Buffer.from(text),
      headers: [],
      timestamp: 7,
    }))
    const source = run(t, kafka, { name: 'masking', config, poll: n => (n === 0 ? [bytes] : []) })
    await source.acked(0)
    assert.equal(await source.stop(), undefined)
    const written = await bridge.dump(kafka, 'masked')
    assert.deepEqual(
      written.map(({ partition, value, timestamp }) => [partition, JSON.parse(String(value)), timestamp]),
      [
        [1, { iban: '', n: 1 }, 7],
        [2, { n: 2, iban: null }, 7],
      ],
    )
  })

  test('a poll that throws something retriable goes on; anything else fails the task', async t => {
    await bridge.createTopic(kafka, 'polled')
    const source = run(t, kafka, {
      name: 'polling',
      poll: n => {
        if (n === 1) throw new ConnectError('BUSY', 'the service is busy', { kind: 'retriable', stage: 'poll' })
        if (n === 3) throw new RangeError('no such page')
        return [values('polled', n)]
      },
    })
    const error = await source.ended
    assert.match(error?.message ?? '', /no such page/)
    await source.stop()
    assert.deepEqual(texts(await bridge.dump(kafka, 'polled')), ['0', '2'])
  })

  test('acknowledged out of order, the prefix without a gap is committed; after a crash it goes on there', async t => {
    await bridge.createTopic(kafka, 'prefix', { partitions: 2 })
    const offsetStore = new MemoryOffsetStore()
    const parts = [0, 1, 0, 0].map((partition, at) => [connectRecord({ topic: 'prefix', partition, value: at })])
    const first = run(t, kafka, { name: 'prefix', offsetStore, poll: each(parts), services: heldPartition(1) })
    const ends = () => bridge.offsets(kafka, 'prefix').then(found => found.map(({ latest }) => latest).join())
    await eventually('all records are there', ends, found => found === '3,1')
    await eventually(
      'the first offset is stored',
      () => stored(offsetStore),
      at => at === 0,
    )
    await first.crash()
    assert.equal(await stored(offsetStore), 0)
    const second = run(t, kafka, { name: 'prefix', offsetStore, poll: each(parts) })
    await second.acked(3)
    assert.equal(await second.stop(), undefined)
    assert.deepEqual(texts(await bridge.dump(kafka, 'prefix')).sort(), ['0', '1', '1', '2', '2', '3', '3'])
    assert.equal(await stored(offsetStore), 3)
  })

  test('errors.tolerance=all passes over what cannot be converted and logs it', async t => {
    await bridge.createTopic(kafka, 'tolerant')
    const config = { ...NUMBERS, 'errors.tolerance': 'all', 'errors.log.enable': 'true', 'errors.log.include.messages': 'true' }
    const parts = [values('tolerant', 1, 'two', 3), values('tolerant', 'four')]
    const offsetStore = new MemoryOffsetStore()
    const source = run(t, kafka, { name: 'tolerant', config, offsetStore, poll: each(parts) })
    await source.acked(1)
    assert.equal(await source.stop(), undefined)
    assert.deepEqual(
      source.task.acks.map(({ count }) => count),
      [2, 0],
    )
    assert.equal(await stored(offsetStore), 1)
    assert.equal((await bridge.dump(kafka, 'tolerant')).length, 2)
    const { failures, errors, skipped, logged } = source.host.recordErrors
    assert.deepEqual([failures, errors, skipped, logged], [2, 2, 2, 2])
    const said = source.logger.lines.filter(({ level }) => level === 'error').map(({ message }) => message)
    const line =
      "Error encountered in task tolerant-0. Executing stage 'VALUE_CONVERTER' with class 'IntegerConverter', where source record is {topic='tolerant'}."
    assert.deepEqual(said, [line, line])
  })

  test('without tolerance the first one fails the task, and what came before is kept', async t => {
    await bridge.createTopic(kafka, 'strict')
    const offsetStore = new MemoryOffsetStore()
    const parts = [values('strict', 1), values('strict', 2, 'three'), values('strict', 4)]
    const source = run(t, kafka, { name: 'strict', config: NUMBERS, offsetStore, poll: each(parts) })
    const error = await source.ended
    assert.equal(error?.code, 'TOLERANCE_EXCEEDED')
    assert.match(error.message, /^Tolerance exceeded in error handler of task strict-0: the value of a record of strict cannot/)
    await source.stop()
    assert.equal((await bridge.dump(kafka, 'strict')).length, 1)
    assert.equal(await stored(offsetStore), 0)
  })

  test('a failure that may pass is tried again and nothing dropped, whatever the tolerance', async t => {
    await bridge.createTopic(kafka, 'retried')
    const config = { 'value.converter': 'Flaky', 'errors.tolerance': 'all', 'errors.retry.timeout': '20000' }
    const runWith = (own: Readonly<Record<string, string>>) =>
      run(t, kafka, { name: 'retried', config: own, plugins: { Flaky }, poll: each([values('retried', 'a', 'b')]) })
    const patient = runWith(config)
    await patient.acked(0)
    assert.equal(await patient.stop(), undefined)
    assert.deepEqual(texts(await bridge.dump(kafka, 'retried')), ['a', 'b'])
    assert.deepEqual([patient.host.recordErrors.retries, patient.host.recordErrors.skipped], [2, 0])
    const impatient = runWith({ ...config, 'errors.retry.timeout': '0' })
    assert.equal((await impatient.ended)?.code, 'RETRIES_EXHAUSTED')
    await impatient.stop()
    assert.equal((await bridge.dump(kafka, 'retried')).length, 2)
  })

  test('topics are created as the rules of their group say, when they are first written to', async t => {
    const config = {
      'topic.creation.groups': 'compacted',
      'topic.creation.default.replication.factor': '1',
      'topic.creation.default.partitions': '2',
      'topic.creation.compacted.include': 'state-.*',
      'topic.creation.compacted.exclude': '.*-log',
      'topic.creation.compacted.partitions': '3',
      'topic.creation.compacted.cleanup.policy': 'compact',
    }
    const topics = ['state-users', 'state-log', 'made-plain']
    const source = run(t, kafka, {
      name: 'making',
      config,
      poll: each(topics.map(topic => [connectRecord({ topic, key: 'k', value: topic })])),
    })
    await source.acked(2)
    assert.equal(await source.stop(), undefined)
    const described = await Promise.all(
      topics.map(async topic => {
        const { partitions } = await bridge.describeTopic(kafka, topic)
        const { 'cleanup.policy': policy } = await bridge.describeConfig(kafka, { topic })
        return [topic, partitions.length, policy?.value]
      }),
    )
    assert.deepEqual(described, [
      ['state-users', 3, 'compact'],
      ['state-log', 2, 'delete'],
      ['made-plain', 2, 'delete'],
    ])
    for (const topic of topics) assert.deepEqual(texts(await bridge.dump(kafka, topic)), [`"${topic}"`])
  })

  test('without rules a topic that is missing is left to the brokers: created where they do that, else named with the remedy', async t => {
    const made = run(t, auto, { name: 'auto', poll: each([values('made-by-broker', 1)]) })
    await made.acked(0)
    assert.equal(await made.stop(), undefined)
    assert.equal((await bridge.describeTopic(auto, 'made-by-broker')).partitions.length, 2)
    const refused = run(t, kafka, { name: 'refused', poll: each([values('nowhere', 1)]) })
    const error = await refused.ended
    assert.equal(error?.code, 'TOPIC_MISSING')
    assert.match(error.message, /no topic nowhere on .*: create it, or have it created: set topic\.creation\.default/)
    await refused.stop()
  })

  test('keys go to the partitions where Java’s default partitioner puts them', async t => {
    for (const topic of ['keyed', 'keyed-by-java']) await bridge.createTopic(kafka, topic, { partitions: 5 })
    const keys = Array.from({ length: 40 }, (_, i) => `user-${i}`)
    const records = keys.map(key => connectRecord({ topic: 'keyed', key, value: key }))
    const source = run(t, kafka, { name: 'keyed', poll: each([records]) })
    await source.acked(0)
    const placed = await bridge.produce(
      kafka,
      'keyed-by-java',
      keys.map(key => ({ key, value: '' })),
    )
    const ours = new Map((await bridge.dump(kafka, 'keyed')).map(({ key, partition }) => [String(key), partition]))
    assert.deepEqual(
      keys.map(key => ours.get(key)),
      placed.map(([partition]) => partition),
    )
  })

  test('partitions that a topic is given later are written to', async t => {
    await bridge.createTopic(kafka, 'growing')
    const source = run(t, kafka, {
      name: 'growing',
      metadataMaxAgeMs: 50,
      poll: n => [values('growing', n)],
      settings: { permitBytes: 1_000, windowBytes: 1_000 },
    })
    await source.acked(0)
    await bridge.createPartitions(kafka, 'growing', 2)
    const ends = () => bridge.offsets(kafka, 'growing')
    await eventually('the new partition is written to', ends, found => (found[1]?.latest ?? 0) > 0)
    assert.equal(await source.stop(), undefined)
  })

  test('a paused source polls nothing, and goes on where it was', async t => {
    await bridge.createTopic(kafka, 'paused')
    await bridge.createTopic(kafka, 'other')
    const source = run(t, kafka, { name: 'paused', poll: n => [values('paused', n)] })
    const other = run(t, kafka, { name: 'other', poll: n => [values('other', n)] })
    await source.acked(5)
    source.host.pause()
    const polls = source.task.polls.value
    await other.polled(other.task.polls.value + 20)
    assert.equal(source.task.polls.value, polls)
    source.host.resume()
    await source.acked(polls + 5)
    assert.equal(await source.stop(), undefined)
    assert.equal(await other.stop(), undefined)
    const numbers = texts(await bridge.dump(kafka, 'paused')).map(Number)
    assert.deepEqual(numbers, [...numbers.keys()])
  })
})

const NUMBERS = { 'value.converter': 'org.apache.kafka.connect.converters.IntegerConverter' }

/** Fails for each value once, as if somebody it must ask were away. */
class Flaky implements Converter {
  readonly #tried = new Set<string>()

  fromConnect(_topic: string, _schema: Schema | null, value: ConnectValue): Uint8Array {
    const text = String(value)
    if (this.#tried.has(text)) return Buffer.from(text)
    this.#tried.add(text)
    throw new ConnectError('AWAY', 'the registry does not answer', { kind: 'retriable', stage: 'value-converter' })
  }

  toConnect(): never {
    throw new Error('not for reading')
  }
}

/** The records arrive, but nobody hears of those of one partition. */
function heldPartition(held: number) {
  return (services: TaskServices): TaskServices => ({
    ...services,
    async createWriter(task) {
      const writer = await services.createWriter(task)
      const deaf = (callbacks: PartCallbacks): PartCallbacks => ({
        acked(token, topic, partition, baseOffset, count) {
          if (partition !== held) callbacks.acked(token, topic, partition, baseOffset, count)
        },
        refused: (token, error) => callbacks.refused(token, error),
        laneState: (...state) => callbacks.laneState(...state),
      })
      let own: PartCallbacks | undefined
      return {
        append(part, callbacks, token) {
          own ??= deaf(callbacks)
          writer.append(part, own, token)
        },
        flush: signal => writer.flush(signal),
        close: () => writer.close(),
      }
    },
  })
}
