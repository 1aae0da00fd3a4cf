import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { TopicLog, type TopicLogRecord } from '../../framework/kafka/topic-log.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type TestClient, testClient } from './test-cluster.ts'

const never = new AbortController().signal
const bytes = (text: string): Buffer => Buffer.from(text)

/** What a log was told, as a table, with every record in the order of its arrival. */
class Seen {
  readonly table = new Map<string, string | null>()
  readonly records: TopicLogRecord[] = []
  #awaited: { readonly count: number; readonly resolve: () => void } | undefined

  readonly onRecord = (record: TopicLogRecord): void => {
    this.records.push(record)
    this.table.set(`${record.key}`, record.value === null ? null : `${record.value}`)
    if (this.#awaited !== undefined && this.records.length >= this.#awaited.count) this.#awaited.resolve()
  }

  count(count: number): Promise<void> {
    return new Promise(resolve => {
      this.#awaited = { count, resolve }
      if (this.records.length >= count) resolve()
    })
  }
}

describe('a compacted topic as a shared table', () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  let client: TestClient
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'log', brokers: 3 }), startBridge()])
    client = testClient(kafka.bootstrapServers)
  })
  after(async () => {
    await client?.cluster.close()
    await Promise.all([bridge?.close(), kafka?.stop()])
  })

  const createTopic = (topic: string, partitions: number, config: Record<string, string> = {}) =>
    bridge.createTopic(kafka, topic, { partitions, replicationFactor: 3, config: { 'cleanup.policy': 'compact', ...config } })

  async function open(t: { after(job: () => Promise<void>): void }, topic: string, seen: Seen, own = client): Promise<TopicLog> {
    const log = await TopicLog.open(own.cluster, { topic, onRecord: seen.onRecord }, AbortSignal.timeout(30_000))
    t.after(() => log.close())
    return log
  }

  test('an empty topic is read at once', async t => {
    await createTopic('empty', 5)
    const seen = new Seen()
    const log = await open(t, 'empty', seen)
    assert.equal(log.partitionCount, 5)
    assert.equal(seen.records.length, 0)
    await log.readToEnd()
  })

  test('entries go where the Java partitioner puts them, and come back to every reader', async t => {
    await createTopic('shared', 7)
    const [mine, others] = [new Seen(), new Seen()]
    const writer = await open(t, 'shared', mine)
    const reader = await open(t, 'shared', others)
    const keys = Array.from({ length: 40 }, (_, i) => `key-${i}`)
    await writer.append(
      keys.map(key => ({ key: bytes(key), value: bytes(`value of ${key}`) })),
      never,
    )
    await writer.append([{ key: bytes('key-7'), value: null }], never)
    await reader.readToEnd()
    assert.equal(others.table.size, 40)
    assert.equal(others.table.get('key-3'), 'value of key-3')
    assert.equal(others.table.get('key-7'), null)
    const before = await bridge.dump(kafka, 'shared')
    const ours = new Map(before.map(record => [`${record.key}`, record.partition]))
    await bridge.produce(
      kafka,
      'shared',
      keys.map(key => ({ key, value: 'from Java' })),
    )
    const theirs = (await bridge.dump(kafka, 'shared')).filter(({ value }) => `${value}` === 'from Java')
    assert.deepEqual(new Map(theirs.map(record => [`${record.key}`, record.partition])), ours)
    await Promise.all([writer.readToEnd(), reader.readToEnd()])
    assert.equal(mine.table.get('key-7'), 'from Java')
    assert.deepEqual(mine.table, others.table)
  })

  test('offsets and timestamps are those of the log; a start above 0, markers and aborted records do not hold it up', async t => {
    await createTopic('marked', 1, { 'cleanup.policy': 'delete' })
    await bridge.produce(kafka, 'marked', [{ key: 'old', value: '0' }])
    await bridge.deleteRecords(kafka, 'marked', 0, -1)
    const seen = new Seen()
    const log = await open(t, 'marked', seen)
    assert.equal(seen.records.length, 0)
    await bridge.produce(kafka, 'marked', [{ key: 'committed', value: '1', timestamp: 1_700_000_000_000 }], {
      transactionalId: 'x',
    })
    await bridge.produce(kafka, 'marked', [{ key: 'aborted', value: '2' }], { transactionalId: 'x', abort: true })
    await log.readToEnd()
    assert.deepEqual([...seen.table], [['committed', '1']])
    assert.deepEqual(
      seen.records.map(({ partition, offset, timestamp }) => ({ partition, offset, timestamp })),
      [{ partition: 0, offset: 1, timestamp: 1_700_000_000_000 }],
    )
  })

  test('holes of a compacted log: the newest values at their own offsets', async t => {
    await createTopic('holes', 1, {
      'segment.bytes': '1048576',
      'min.cleanable.dirty.ratio': '0.01',
      'segment.ms': '100',
      'max.compaction.lag.ms': '1',
    })
    const records = Array.from({ length: 300 }, (_, i) => ({ key: `key-${i % 30}`, value: `${i}`.padEnd(100) }))
    await bridge.produce(kafka, 'holes', records)
    await bridge.produce(kafka, 'holes', [{ key: 'last', value: 'rolls the segment' }], { batchBytes: 0 })
    const deadline = performance.now() + 30_000
    let dumped = await bridge.dump(kafka, 'holes')
    while (dumped.length > 150 && performance.now() < deadline) {
      await bridge.produce(kafka, 'holes', [{ key: 'tick', value: 'tock' }])
      dumped = await bridge.dump(kafka, 'holes')
    }
    assert.ok(dumped.length <= 150, `compaction left ${dumped.length} records`)
    const seen = new Seen()
    await open(t, 'holes', seen)
    assert.equal(seen.table.get('key-29'), '299'.padEnd(100))
    const java = new Map((await bridge.dump(kafka, 'holes')).map(({ offset, key }) => [offset, `${key}`]))
    for (const { offset, key } of seen.records.slice(0, 30)) assert.equal(`${key}`, java.get(offset) ?? `${key}`)
  })

  test('a record its reader cannot use is logged and passed over', async t => {
    await createTopic('malformed', 1)
    const own = testClient(kafka.bootstrapServers)
    t.after(() => own.cluster.close())
    const values: unknown[] = []
    const log = await TopicLog.open(
      own.cluster,
      { topic: 'malformed', onRecord: ({ value }) => values.push(JSON.parse(`${value}`)) },
      never,
    )
    t.after(() => log.close())
    await log.append(
      ['1', 'not json', '2'].map(value => ({ key: bytes('k'), value: bytes(value) })),
      never,
    )
    await log.readToEnd()
    assert.deepEqual(values, [1, 2])
    const warned = own.logger.lines.filter(({ level }) => level === 'warn')
    assert.match(warned[0]?.message ?? '', /malformed-0: the record at offset 1 was passed over: .*not json/)
  })

  test('a large append is cut into batches that brokers take', async t => {
    await createTopic('large', 2)
    const log = await open(t, 'large', new Seen())
    await log.append(
      Array.from({ length: 60 }, (_, i) => ({ key: bytes(`${i}`), value: Buffer.alloc(100_000, i) })),
      never,
    )
    assert.equal((await bridge.dump(kafka, 'large')).length, 60)
  })

  test('a refused append names the topic and says why', async t => {
    await createTopic('refusing', 1, { 'max.message.bytes': '1000' })
    const log = await open(t, 'refusing', new Seen())
    await assert.rejects(log.append([{ key: bytes('k'), value: Buffer.alloc(2000) }], never), {
      name: 'ConnectError',
      code: 'MESSAGE_TOO_LARGE',
      message: /refusing-0.*Raise max.message.bytes of the topic/,
    })
  })

  test('opening ends with the signal while the topic does not exist', async () => {
    const options = { topic: 'nowhere', onRecord: () => undefined }
    await assert.rejects(TopicLog.open(client.cluster, options, AbortSignal.timeout(300)), {
      code: /ABORTED|UNKNOWN_TOPIC_OR_PARTITION/,
    })
  })

  test('a tailing log sees records as they are written', async t => {
    await createTopic('tailed', 3)
    const seen = new Seen()
    const log = await open(t, 'tailed', seen)
    const tailing = log.tail()
    const started = performance.now()
    await bridge.produce(
      kafka,
      'tailed',
      Array.from({ length: 30 }, (_, i) => ({ key: `${i}`, value: `${i}` })),
    )
    await seen.count(30)
    t.diagnostic(`30 records seen ${Math.round(performance.now() - started)} ms after the Java producer was asked for them`)
    await log.append([{ key: bytes('31'), value: bytes('31') }], never)
    const appended = performance.now()
    await seen.count(31)
    t.diagnostic(`own append seen after ${Math.round(performance.now() - appended)} ms`)
    await log.close()
    await tailing
  })

  test('leaders move and a broker is lost: reading, tailing and appending go on', async t => {
    await createTopic('moving', 6)
    const seen = new Seen()
    const log = await open(t, 'moving', seen)
    const tailing = log.tail()
    const entries = Array.from({ length: 50 }, (_, i) => ({ key: bytes(`k${i}`), value: bytes('1') }))
    await log.append(entries, never)
    const { leader, replicas } = (await bridge.describeTopic(kafka, 'moving')).partitions[0]!
    await bridge.moveLeader(kafka, 'moving', 0, replicas.find(id => id !== leader)!)
    await log.append(
      entries.map(entry => ({ ...entry, value: bytes('2') })),
      never,
    )
    await seen.count(100)
    const victim = kafka.brokers[2]!
    await victim.kill()
    await log.append(
      entries.map(entry => ({ ...entry, value: bytes('3') })),
      AbortSignal.timeout(30_000),
    )
    await seen.count(150)
    await log.readToEnd(AbortSignal.timeout(30_000))
    assert.deepEqual(new Set(seen.table.values()), new Set(['3']))
    await victim.start()
    await log.close()
    await tailing
  })
})
