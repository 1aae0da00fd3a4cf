import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { Cli, tempFiles } from './cli-process.ts'
import { health, type Scrape, scrape, scraped, urlOf } from './scrape.ts'

const files = tempFiles()
const processes: Cli[] = []
let source: KafkaCluster
let target: KafkaCluster
let bridge: Bridge

before(async () => {
  ;[source, target, bridge] = await Promise.all([
    startCluster({ name: 'metrics-source' }),
    startCluster({ name: 'metrics-target' }),
    startBridge(),
  ])
})

afterEach(async () => {
  for (const cli of processes) cli.signal('SIGKILL')
  await Promise.all(processes.splice(0).map(cli => cli.ended))
})

after(async () => {
  files.remove()
  await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
})

function startMirror(alias: string, topics: string, more: Readonly<Record<string, string>> = {}): Cli {
  const file = {
    clusters: `${alias}, B`,
    [`${alias}.bootstrap.servers`]: source.bootstrapServers,
    'B.bootstrap.servers': target.bootstrapServers,
    [`${alias}->B.enabled`]: 'true',
    [`${alias}->B.topics`]: topics,
    [`${alias}.consumer.fetch.max.wait.ms`]: '100',
    'B.session.timeout.ms': '6000',
    'emit.heartbeats.enabled': 'false',
    'emit.checkpoints.interval.seconds': '1',
    'refresh.groups.interval.seconds': '1',
    'replication.factor': '1',
    'checkpoints.topic.replication.factor': '1',
    'offset-syncs.topic.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'isthmus.http.listen': '127.0.0.1:0',
    ...more,
  }
  const lines = Object.entries(file).map(([key, value]) => `${key} = ${value}`)
  const cli = new Cli(['mirror', files.write(`${alias}.properties`, lines.join('\n')), '--log-level', 'debug'])
  processes.push(cli)
  return cli
}

async function write(cluster: KafkaCluster, topic: string, count: number, partitions = 1): Promise<void> {
  const recordOf = (_: unknown, i: number) => ({ partition: i % partitions, value: `${topic} ${i} ${'x'.repeat(i % 200)}` })
  const records = Array.from({ length: count }, recordOf)
  await bridge.produce(cluster, topic, records)
}

/** By the brokers of both sides: what the mirror should say of each partition once all is copied. The target may have small batches joined. */
async function counted(
  topic: string,
  copy: string,
): Promise<readonly { partition: number; records: number; bytes: number; lag: number }[]> {
  const [ends, copied] = await Promise.all([bridge.offsets(source, topic), bridge.offsets(target, copy)])
  return Promise.all(
    ends.map(async ({ partition, latest: end }) => {
      const records = copied.find(one => one.partition === partition)?.latest ?? 0
      const batches = await bridge.batches(source, topic, partition)
      return { partition, records, bytes: batches.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), lag: end - records }
    }),
  )
}

async function assertAgrees(shown: Scrape, flow: { alias: string; topic: string }): Promise<void> {
  const { alias, topic } = flow
  const copy = `${alias}.${topic}`
  for (const { partition, records, bytes, lag } of await counted(topic, copy)) {
    const mm2 = { source: alias, target: 'B', topic: copy, partition: String(partition) }
    const ours = { flow: `${alias}->B`, connector: 'MirrorSourceConnector', partition: `${topic}-${partition}` }
    const where = `partition ${partition}`
    assert.equal(shown.value('kafka_connect_mirror_mirrorsourceconnector_record_count', mm2), records, where)
    assert.equal(shown.value('kafka_connect_mirror_mirrorsourceconnector_byte_count', mm2), bytes, where)
    assert.equal(shown.value('isthmus_partition_records_total', ours), records, where)
    assert.equal(shown.value('isthmus_partition_lag_records', ours), lag, where)
  }
}

const lagOf = (shown: Scrape, alias: string): number | undefined => shown.value('isthmus_flow_lag_records', { source: alias })

test('records, bytes and lag of a mirror are those of the brokers: while it copies, while its target is down, and after', async t => {
  await bridge.createTopic(source, 'orders', { partitions: 3 })
  await write(source, 'orders', 3_000, 3)
  const url = await urlOf(startMirror('A', 'orders'))
  const flow = { alias: 'A', topic: 'orders' }
  const isDone = (records: number) => (shown: Scrape) =>
    lagOf(shown, 'A') === 0 && shown.value('isthmus_flow_records_total', { source: 'A' }) === records
  const first = await scraped(url, '3000 records copied', isDone(3_000))
  await assertAgrees(first, flow)
  assert.equal(first.value('isthmus_flow_state', { source: 'A' }), 1)
  assert.equal(first.sum('kafka_connect_source_task_source_record_write_total', { connector: 'MirrorSourceConnector' }), 3_000)
  const latency = first.all('kafka_connect_mirror_mirrorsourceconnector_replication_latency_ms_max', { source: 'A' })
  assert.ok(latency.length === 3 && latency.every(({ value }) => value > 0), JSON.stringify(latency))
  assert.ok(first.value('isthmus_flow_hop_latency_seconds_count', { source: 'A' })! > 0)
  assert.deepEqual(await health(url), { code: 200, status: 'UP', reasons: [] })

  const ofTask = { connector: 'MirrorSourceConnector', task: '0' }
  const isStored = (shown: Scrape): boolean => {
    const copiedAt = shown.value('isthmus_task_last_activity_timestamp_seconds', ofTask)!
    return shown.value('isthmus_task_last_commit_timestamp_seconds', ofTask)! > copiedAt
  }
  await scraped(url, 'offsets stored, so that nothing is copied twice', isStored)
  await target.brokers[0]!.kill()
  await write(source, 'orders', 500, 3)
  const down = await scraped(url, 'a lag of 500', shown => lagOf(shown, 'A') === 500)
  assert.equal(down.value('isthmus_flow_records_total', { source: 'A' }), 3_000)
  const since = Date.now()
  const older = await scraped(
    url,
    'the oldest record grows old',
    shown => shown.value('isthmus_flow_oldest_uncopied_age_seconds')! > 2,
  )
  assert.ok(older.sum('isthmus_retries_total', { side: 'target' }) >= 1)
  const ill = await health(url)
  assert.equal(ill.status, 'DEGRADED', JSON.stringify(ill))
  t.diagnostic(`down: ${ill.reasons.join(' | ')}, after ${Date.now() - since} ms`)

  await scraped(url, 'the flow without its target', shown => shown.value('isthmus_flow_state', { state: 'retrying' }) === 1)
  await write(source, 'orders', 200, 3)
  const alone = await scraped(url, 'a lag of 700', shown => lagOf(shown, 'A') === 700)
  assert.equal(alone.sum('isthmus_partition_lag_records', { flow: 'A->B' }), 700)
  assert.equal(alone.value('isthmus_health', { flow: 'A->B' }), 1)

  await target.brokers[0]!.start()
  const healed = await scraped(url, '3700 records copied', isDone(3_700), 30_000)
  await assertAgrees(healed, flow)
  assert.equal(healed.value('isthmus_flow_oldest_uncopied_age_seconds'), 0)
  const last = healed.all('isthmus_partition_trouble')
  assert.deepEqual(last, [])
  await scraped(url, 'health', shown => shown.value('isthmus_health', { flow: 'A->B' }) === 2)
})

test('offsets of groups are counted by how exactly they are translated, and their checkpoints are timed', async () => {
  await bridge.createTopic(source, 'paid')
  await write(source, 'paid', 100)
  await bridge.alterGroupOffsets(source, 'billing', [{ topic: 'paid', partition: 0, offset: 50 }])
  const url = await urlOf(startMirror('C', 'paid', { 'C->B.groups': 'billing' }))
  const labels = { source: 'C', target: 'B', group: 'billing', topic: 'C.paid', partition: '0' }
  const shown = await scraped(
    url,
    'an exact offset',
    one =>
      one.value('isthmus_flow_translated_offsets', { exactness: 'exact' }) === 1 &&
      one.all('kafka_connect_mirror_mirrorcheckpointconnector_checkpoint_latency_ms', labels).length === 1,
  )
  assert.equal(shown.value('isthmus_flow_groups', { source: 'C' }), 1)
  assert.ok(shown.value('kafka_connect_mirror_mirrorcheckpointconnector_checkpoint_latency_ms_max', labels)! >= 0)
})

test('isthmus.metrics.partitions bounds the series, and the sums count every partition', async () => {
  await bridge.createTopic(source, 'many', { partitions: 10 })
  await write(source, 'many', 200, 10)
  const bounded = await urlOf(startMirror('D', 'many', { 'isthmus.metrics.partitions.max': '4' }))
  const isDone = (shown: Scrape): boolean => shown.value('isthmus_flow_records_total') === 200
  const some = await scraped(bounded, '200 records', isDone)
  assert.equal(some.all('kafka_connect_mirror_mirrorsourceconnector_record_count').length, 4)
  assert.equal(some.value('isthmus_partitions_omitted', { flow: 'D->B' }), 6)
  assert.equal(some.sum('isthmus_partitions', { connector: 'MirrorSourceConnector' }), 10)
  const none = await urlOf(startMirror('E', 'many', { 'isthmus.metrics.partitions': 'none' }))
  const sums = await scraped(none, '200 records', isDone)
  assert.equal(sums.all('isthmus_partition_records_total').length, 0)
})

test('what is not there is answered with 404, what is not read with 405; HEAD has no body', async () => {
  await bridge.createTopic(source, 'quiet')
  const url = await urlOf(startMirror('F', 'quiet'))
  assert.equal((await fetch(`${url}/nothing`)).status, 404)
  assert.equal((await fetch(`${url}/metrics`, { method: 'POST' })).status, 405)
  const head = await fetch(`${url}/metrics`, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
  assert.match(head.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  assert.ok((await scrape(url)).value('process_resident_memory_bytes')! > 1e6)
})

test("a standalone worker's source and sink are counted as the broker has it", async () => {
  const folder = files.folder
  await bridge.createTopic(source, 'lines')
  files.write('in.txt', Array.from({ length: 250 }, (_, i) => `line ${i}\n`).join(''))
  const worker = `bootstrap.servers = ${source.bootstrapServers}
key.converter = StringConverter
value.converter = StringConverter
offset.storage.file.filename = ${folder}/offsets.json
offset.flush.interval.ms = 100
isthmus.http.listen = 127.0.0.1:0
`
  const reader = `name = in\nconnector.class = FileStreamSource\nfile = ${folder}/in.txt\ntopic = lines\n`
  const writer = `name = out\nconnector.class = FileStreamSink\nfile = ${folder}/out.txt\ntopics = lines\n`
  const cli = new Cli([
    'connect',
    'standalone',
    files.write('worker.properties', worker),
    files.write('in.properties', reader),
    files.write('out.properties', writer),
  ])
  processes.push(cli)
  const url = await urlOf(cli)
  const [of, to] = [
    { connector: 'in', task: '0' },
    { connector: 'out', task: '0' },
  ]
  const shown = await scraped(
    url,
    '250 lines through',
    one => one.value('kafka_connect_sink_task_sink_record_send_total', to) === 250,
  )
  const [{ latest } = { latest: -1 }] = await bridge.offsets(source, 'lines')
  assert.equal(latest, 250)
  assert.equal(shown.value('kafka_connect_source_task_source_record_write_total', of), latest)
  assert.equal(shown.value('kafka_connect_source_task_source_record_poll_total', of), latest)
  assert.equal(shown.value('kafka_connect_sink_task_sink_record_read_total', to), latest)
  assert.equal(shown.value('kafka_connect_source_task_source_record_active_count', of), 0)
  assert.equal(shown.value('kafka_connect_sink_task_sink_record_active_count', to), 0)
  assert.equal(shown.value('kafka_connect_sink_task_partition_count', to), 1)
  assert.equal(shown.value('kafka_connect_worker_connector_running_task_count', { connector: 'out' }), 1)
  assert.equal(shown.value('kafka_connect_connector_status', { connector: 'in', status: 'running' }), 1)
  const bytes = (await bridge.batches(source, 'lines', 0)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  assert.equal(shown.value('isthmus_task_bytes_total', of), bytes)
  const behind = await scraped(url, 'no lag', one => one.value('isthmus_partition_lag_records', { connector: 'out' }) === 0)
  assert.equal(behind.value('isthmus_health'), 2)
})
