import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { MirrorClient, MirrorSourceConnector } from '../../connectors/mirror/index.ts'
import { openConnect } from '../../framework/index.ts'
import { MemoryLogger } from '../../framework/testing/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import { Cli, tempFiles } from './cli-process.ts'
import { eventually } from './eventually.ts'
import { urlOf } from './scrape.ts'
import { statusOf, streamed } from './status-reader.ts'

type Properties = Readonly<Record<string, string>>

const JAVA = 'org.apache.kafka.connect.mirror'
const BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter'
const CONVERTERS = { 'key.converter': BYTES, 'value.converter': BYTES, 'header.converter': BYTES }
const FACTORS = ['replication.factor', 'offset-syncs.topic.replication.factor', 'checkpoints.topic.replication.factor']
const ONE_COPY = Object.fromEntries([...FACTORS, 'heartbeats.topic.replication.factor'].map(key => [key, '1']))

describe("the mirror's connectors in a Connect worker", { timeout: 120_000 }, () => {
  const files = tempFiles()
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge

  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  afterEach(() => Cli.killAll())
  after(async () => {
    files.remove()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  const workerFile = (name: string, more: Properties = {}): string =>
    files.write(
      `${name}.worker.properties`,
      formatProperties({
        'bootstrap.servers': b.bootstrapServers,
        ...CONVERTERS,
        'offset.storage.file.filename': join(files.folder, `${name}.offsets.json`),
        'offset.flush.interval.ms': '100',
        ...more,
      }),
    )

  /** As people have it for Java, from whose documentation the keys are. */
  const connectorFile = (name: string, type: string, more: Properties = {}): string =>
    files.write(
      `${name}.properties`,
      formatProperties({
        name,
        'connector.class': type,
        'source.cluster.alias': 'A',
        'target.cluster.alias': 'B',
        'source.cluster.bootstrap.servers': a.bootstrapServers,
        'target.cluster.bootstrap.servers': b.bootstrapServers,
        ...CONVERTERS,
        ...ONE_COPY,
        ...more,
      }),
    )

  const run = (worker: string, ...connectors: readonly string[]): Cli =>
    new Cli(['connect', 'standalone', worker, ...connectors, '--listen', '127.0.0.1:0'], files.folder)

  async function stopped(cli: Cli): Promise<void> {
    cli.signal('SIGTERM')
    const { code, stderr } = await cli.ended
    assert.equal(code, 0, stderr)
  }

  async function assertSame(topic: string): Promise<void> {
    const comparison = await bridge.compare(a, b, topic, { targetTopic: `A.${topic}` })
    assert.ok(comparison.equal && comparison.source > 0, `${topic}: ${JSON.stringify(comparison)}`)
  }

  const numbered = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ partition: (from + i) % 2, key: `k${from + i}`, value: `${from + i}` }))

  test('all three, by their Java names: records as they were sent, heartbeats, checkpoints; a restart repeats nothing', async t => {
    await bridge.createTopic(a, 'shapes', { partitions: 2 })
    await bridge.createTopic(a, 'packed', { partitions: 2 })
    await bridge.createTopic(a, 'committed', { partitions: 1 })
    const shapes = await bridge.writeShapes(a, 'shapes', { codec: 'none', partitions: 2 })
    const packed = await bridge.writeShapes(a, 'packed', { codec: 'zstd', partitions: 2 })
    const { committed, aborted, plain } = await bridge.writeTransactions(a, 'committed', { transactions: 6 })
    assert.ok(aborted > 0)
    const topics = { topics: 'shapes, packed, committed', groups: 'billing', 'source.consumer.fetch.max.wait.ms': '100' }
    const often = { 'emit.checkpoints.interval.seconds': '0.2', 'refresh.groups.interval.seconds': '0.3' }
    const worker = workerFile('all')
    const connectors = [
      connectorFile('copy', `${JAVA}.MirrorSourceConnector`, { ...topics, 'tasks.max': '2' }),
      connectorFile('beat', `${JAVA}.MirrorHeartbeatConnector`),
      connectorFile('check', `${JAVA}.MirrorCheckpointConnector`, { ...topics, ...often }),
    ]
    const first = run(worker, ...connectors)
    await bridge.awaitRecords(b, 'A.shapes', shapes)
    await bridge.awaitRecords(b, 'A.packed', packed)
    await bridge.awaitRecords(b, 'A.committed', committed + plain)
    for (const topic of ['shapes', 'packed', 'committed']) await assertSame(topic)
    const codecs = (await bridge.batches(b, 'A.packed', 0)).map(({ codec }) => codec)
    assert.deepEqual([...new Set(codecs)], ['zstd'])

    const client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers })
    t.after(() => client.close())
    await bridge.alterGroupOffsets(a, 'billing', [{ topic: 'shapes', partition: 1, offset: 3 }])
    await eventually(
      'a checkpoint of billing at 3',
      () => client.remoteConsumerOffsets('billing', 'A').catch(() => []),
      found => found.some(({ topic, partition, offset }) => topic === 'A.shapes' && partition === 1 && offset === 3),
    )
    await bridge.awaitRecords(b, 'heartbeats', 2)

    const url = await urlOf(first)
    const report = await streamed(url, 'all run', ({ connectors: all }) => all.every(({ state }) => state === 'RUNNING'))
    assert.deepEqual(report.connectors.map(({ name, kind }) => `${name} ${kind}`).sort(), [
      'beat source',
      'check source',
      'copy source',
    ])
    const { stdout } = await new Cli(['status', url]).ended
    for (const name of ['copy', 'beat', 'check']) assert.match(stdout, new RegExp(`^${name} +source +RUNNING`, 'm'))
    await stopped(first)

    await bridge.produce(a, 'shapes', numbered(0, 50))
    const second = run(worker, ...connectors)
    await bridge.awaitRecords(b, 'A.shapes', shapes + 50)
    await streamed(
      await urlOf(second),
      'all run',
      ({ connectors: all }) => all.length === 3 && all.every(({ state }) => state === 'RUNNING'),
    )
    for (const topic of ['shapes', 'packed', 'committed']) await assertSame(topic)
    await stopped(second)
    const stored = JSON.parse(readFileSync(join(files.folder, 'all.offsets.json'), 'utf8')) as {
      readonly offsets: readonly { readonly connector: string; readonly partition: object }[]
    }
    const ofCopy = stored.offsets.filter(({ connector }) => connector === 'copy')
    assert.equal(ofCopy.length, 5)
    assert.ok(ofCopy.some(({ partition }) => JSON.stringify(partition) === '{"cluster":"A","partition":1,"topic":"shapes"}'))
  })

  test('killed while it copies, by its own name: the next process goes on, and nothing is missing', async () => {
    await bridge.createTopic(a, 'killed', { partitions: 2 })
    const worker = workerFile('killed')
    const connector = connectorFile('killed', 'MirrorSourceConnector', { topics: 'killed' })
    const load = await bridge.startLoad(a, 'killed', { partitions: 2, rate: 5_000, count: 15_000, valueBytes: 100, codec: 'lz4' })
    const first = run(worker, connector)
    await bridge.awaitRecords(b, 'A.killed', 3_000)
    first.signal('SIGKILL')
    await first.ended
    const second = run(worker, connector)
    const { sent } = await load.done
    await bridge.awaitRecords(b, 'A.killed', sent)
    const comparison = await eventually(
      'every record',
      () => bridge.compare(a, b, 'killed', { targetTopic: 'A.killed' }),
      ({ missing }) => missing === 0,
    )
    assert.equal(comparison.altered + comparison.unexpected, 0, JSON.stringify(comparison))
    assert.ok(comparison.duplicated < sent / 2, 'it went on from where its offsets were stored')
    await stopped(second)
  })

  test('a worker that writes to another cluster than the target is refused, with what to set; set, it copies', async () => {
    await bridge.createTopic(a, 'elsewhere', { partitions: 1 })
    await bridge.produce(a, 'elsewhere', [{ value: 'one' }])
    const worker = workerFile('elsewhere', { 'bootstrap.servers': a.bootstrapServers })
    const connector = connectorFile('elsewhere', 'MirrorSource', { topics: 'elsewhere' })
    const { code, stderr } = await run(worker, connector).ended
    assert.equal(code, 4, stderr)
    const ids = [await bridge.describeCluster(b), await bridge.describeCluster(a)].map(({ clusterId }) => clusterId)
    const told = `target.cluster.bootstrap.servers = ${b.bootstrapServers}: is cluster ${ids[0]}, but the worker writes the records to ${ids[1]} (bootstrap.servers = ${a.bootstrapServers}); name that cluster here, or set producer.override.bootstrap.servers = ${b.bootstrapServers}`
    assert.ok(stderr.includes(told), stderr)
    assert.ok(!(await bridge.listTopics(b)).includes('A.elsewhere'))

    const override = { 'producer.override.bootstrap.servers': b.bootstrapServers }
    const cli = run(worker, connectorFile('override', 'MirrorSource', { topics: 'elsewhere', ...override }))
    await bridge.awaitRecords(b, 'A.elsewhere', 1)
    await assertSame('elsewhere')
    assert.equal((await statusOf(await urlOf(cli))).connectors[0]?.name, 'override')
    await stopped(cli)
  })

  test('within a program: its class, names kept, a transform, offsets in a topic that the next worker goes on from', async () => {
    await bridge.createTopic(a, 'marked', { partitions: 1 })
    const config = {
      name: 'marked',
      'source.cluster.alias': 'A',
      'source.cluster.bootstrap.servers': a.bootstrapServers,
      'target.cluster.bootstrap.servers': b.bootstrapServers,
      'replication.policy.class': `${JAVA}.IdentityReplicationPolicy`,
      topics: 'marked',
      ...ONE_COPY,
      'header.converter': 'StringConverter',
      transforms: 'mark',
      'transforms.mark.type': 'InsertHeader',
      'transforms.mark.header': 'from',
      'transforms.mark.value.literal': 'A',
    }
    const worker = { 'bootstrap.servers': b.bootstrapServers, ...CONVERTERS, 'offset.storage.topic': 'worker-offsets' }
    for (const count of [1, 2]) {
      await bridge.produce(a, 'marked', [{ key: 'k', value: `${count}` }])
      const logger = new MemoryLogger()
      const connect = await openConnect({ worker: { ...worker, 'offset.storage.replication.factor': '1' }, logger })
      try {
        await connect.start(config, MirrorSourceConnector)
        await bridge.awaitRecords(b, 'marked', count)
      } finally {
        await connect.stop()
      }
    }
    const copies = await bridge.dump(b, 'marked')
    assert.deepEqual(
      copies.map(({ value, headers }) => `${value} ${headers.map(([key, text]) => `${key}=${text}`)}`),
      ['1 from=A', '2 from=A'],
    )
    const keys = (await bridge.dump(b, 'worker-offsets')).map(({ key }) => String(key))
    assert.deepEqual([...new Set(keys)], ['["marked",{"cluster":"A","partition":0,"topic":"marked"}]'])
  })

  test('what is missing or misspelt is told at once, a line each, and nothing starts', async () => {
    const missing = connectorFile('missing', `${JAVA}.MirrorSourceConnector`, { 'source.cluster.bootstrap.servers': '' })
    const misspelt = connectorFile('misspelt', `${JAVA}.MirrorSorceConnector`)
    const policy = { 'replication.policy.class': 'IdentityReplicationPolcy', 'topics.blacklist': 'x' }
    const classes = connectorFile('classes', `${JAVA}.MirrorCheckpointConnector`, policy)
    const once = connectorFile('once', 'MirrorHeartbeatConnector', { 'exactly.once.support': 'required' })
    const { code, stderr } = await run(workerFile('wrong'), missing, misspelt, classes, once).ended
    assert.equal(code, 1)
    const lines = stderr.split('\n').filter(line => line !== '' && !line.startsWith('{'))
    for (const [i, line] of [
      `${missing}: source.cluster.bootstrap.servers = : is missing; name at least one broker as host:port`,
      `${misspelt}: connector.class = ${JAVA}.MirrorSorceConnector: is not known here; did you mean ${JAVA}.MirrorSourceConnector?`,
      `${classes}: topics.blacklist = x: is an older name of topics.exclude; rename it`,
      `${classes}: replication.policy.class = IdentityReplicationPolcy: is not known here; did you mean IdentityReplicationPolicy?`,
      `${once}: exactly.once.support = required: delivery is at least once here`,
    ].entries()) {
      assert.ok(lines[i]?.startsWith(line), `${line}\nis not line ${i} of\n${stderr}`)
    }
    assert.equal(lines.length, 5, stderr)
  })
})
