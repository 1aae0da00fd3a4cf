import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { FlowReport, GroupReport, StatusHistory, StatusReport } from '../../framework/api/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { Cli, tempFiles } from './cli-process.ts'
import { health, scraped, urlOf } from './scrape.ts'
import { statusOf, streamed } from './status-reader.ts'

const files = tempFiles()
const processes: Cli[] = []
let source: KafkaCluster
let target: KafkaCluster
let bridge: Bridge

before(async () => {
  ;[source, target, bridge] = await Promise.all([
    startCluster({ name: 'status-source' }),
    startCluster({ name: 'status-target', config: { 'offset.metadata.max.bytes': '8' } }),
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

function startMirror(alias: string, topics: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
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
    ...more,
  }
  const lines = Object.entries(file).map(([key, value]) => `${key} = ${value}`)
  const path = files.write(`${alias}.properties`, lines.join('\n'))
  const cli = new Cli(['mirror', path, '--listen', '127.0.0.1:0'])
  processes.push(cli)
  return urlOf(cli)
}

async function write(topic: string, count: number, partitions = 1): Promise<void> {
  const records = Array.from({ length: count }, (_, i) => ({ partition: i % partitions, value: `${topic} ${i}` }))
  await bridge.produce(source, topic, records)
}

const flowOf = ({ flows }: StatusReport): FlowReport => flows[0] ?? assert.fail('no flow')
const groupOf = (report: StatusReport, name: string): GroupReport | undefined =>
  flowOf(report).groups?.shown.find(group => group.name === name)
const isWell = (report: StatusReport): boolean =>
  flowOf(report).severity === 'ok' && report.clusters.every(({ severity }) => severity === 'ok') && report.health.state === 'UP'

test('a mirror tells what is there: partitions, records, lag, groups and where they would go on, tasks', async () => {
  await bridge.createTopic(source, 'orders', { partitions: 3 })
  await write('orders', 300, 3)
  await bridge.alterGroupOffsets(source, 'billing', [
    { topic: 'orders', partition: 0, offset: 40 },
    { topic: 'orders', partition: 2, offset: 100 },
  ])
  const url = await startMirror('A', 'orders', {
    'A->B.groups': 'billing',
    'sync.group.offsets.enabled': 'true',
    'sync.group.offsets.interval.seconds': '1',
  })
  const isThere = (report: StatusReport): boolean =>
    isWell(report) && flowOf(report).records === 300 && groupOf(report, 'billing')?.exact === 2 && flowOf(report).lagRecords === 0
  const report = await streamed(url, '300 records and an exact group', isThere)
  const flow = flowOf(report)
  assert.deepEqual([flow.name, flow.state, flow.cause], ['A->B', 'RUNNING', undefined])
  assert.match(report.program, /^isthmus\//)
  const ends = await bridge.offsets(target, 'A.orders')
  const shown = [...flow.partitions.shown].sort((a, b) => (a.name < b.name ? -1 : 1))
  assert.deepEqual(
    shown.map(({ name, records, lagRecords }) => ({ name, records, lagRecords })),
    ends.map(({ partition, latest }) => ({ name: `orders-${partition}`, records: latest, lagRecords: 0 })),
  )
  assert.equal(flow.partitions.count, 3)
  const [connector] = report.connectors.filter(({ name }) => name === 'MirrorSourceConnector')
  assert.equal(connector?.records, 300)
  assert.ok(connector?.tasks.every(({ state, severity }) => state === 'RUNNING' && severity === 'ok'))

  const synced = await streamed(url, 'a round of setting groups', one => (flowOf(one).groups?.sync?.lastMs ?? 0) > report.atMs)
  assert.equal(flowOf(synced).groups?.sync?.refused, 0)
  const group = groupOf(synced, 'billing') ?? assert.fail('no group')
  const committed = await bridge.groupOffsets(target, 'billing')
  assert.deepEqual(
    group.positions.map(({ name, targetOffset }) => [name, targetOffset]),
    committed.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]).sort(),
  )
  assert.deepEqual(
    group.positions.map(({ name, sourceOffset, exactness }) => [name, sourceOffset, exactness]),
    [
      ['A.orders-0', 40, 'exact'],
      ['A.orders-2', 100, 'exact'],
    ],
  )
  const sampled = await streamed(url, 'six seconds', one => one.atMs - report.startedMs > 6_000)
  const history = (await (await fetch(`${url}/status/history`)).json()) as StatusHistory
  assert.equal(history.series[0]?.name, 'A->B')
  assert.ok((history.series[0]?.atMs.at(-1) ?? 0) <= sampled.atMs + 5_000)
})

test('a target that goes away is seen within ten seconds, and that it is back', async t => {
  await bridge.createTopic(source, 'paid', { partitions: 2 })
  await write('paid', 100, 2)
  const url = await startMirror('C', 'paid')
  await streamed(url, '100 records', report => isWell(report) && flowOf(report).records === 100)
  const killedAt = Date.now()
  await target.brokers[0]!.kill()
  const isSeen = (report: StatusReport): boolean =>
    flowOf(report).severity !== 'ok' &&
    flowOf(report).cause !== undefined &&
    report.events.some(({ severity, lastMs }) => severity !== 'ok' && lastMs >= killedAt)
  const ill = await streamed(url, 'trouble of the flow', isSeen, 10_000)
  t.diagnostic(`after ${ill.atMs - killedAt} ms: ${flowOf(ill).cause}`)
  assert.equal(ill.health.state, 'DEGRADED')
  assert.ok((flowOf(ill).lastError?.atMs ?? 0) >= killedAt)
  const cluster = (report: StatusReport) => report.clusters.find(({ alias }) => alias === 'B')
  const gone = await streamed(url, 'trouble of the cluster', report => cluster(report)?.severity === 'warning')
  t.diagnostic(`cluster after ${gone.atMs - killedAt} ms: ${cluster(gone)?.cause}`)
  assert.ok(gone.events.some(({ kind, flow }) => kind === 'cluster-unreachable' && flow === 'C->B'))
  assert.deepEqual(
    gone.clusters.map(({ alias }) => alias),
    ['B', 'C'],
  )

  const startedAt = Date.now()
  await target.brokers[0]!.start()
  const well = await streamed(url, 'all well', isWell, 40_000)
  assert.ok(
    well.events.some(({ kind, severity, lastMs }) => kind === 'cluster-reachable' && severity === 'ok' && lastMs >= startedAt),
  )
  assert.ok((flowOf(well).lastError?.atMs ?? 0) >= killedAt, 'what went wrong is still known')
})

test('a group that the target does not take is named with the reason, while it does not', async () => {
  await bridge.createTopic(source, 'billed')
  await write('billed', 50)
  const offset = { topic: 'billed', partition: 0, offset: 20 }
  await bridge.alterGroupOffsets(source, 'wordy', [{ ...offset, metadata: 'more than eight bytes' }])
  await bridge.alterGroupOffsets(source, 'brief', [offset])
  const url = await startMirror('E', 'billed', {
    'E->B.groups': 'wordy, brief',
    'sync.group.offsets.enabled': 'true',
    'sync.group.offsets.interval.seconds': '1',
  })
  const ill = await streamed(url, 'a refusal', report => flowOf(report).groups?.sync?.refused === 1)
  const { groups, severity, lastError } = flowOf(ill)
  assert.deepEqual(
    groups?.shown.map(({ name, severity: own }) => [name, own]),
    [
      ['wordy', 'warning'],
      ['brief', 'ok'],
    ],
  )
  assert.match(groups?.shown[0]?.cause ?? '', /wordy could not be set on B/)
  assert.equal(groups?.sync?.error?.code, 'REFUSED')
  assert.deepEqual([severity, ill.health.state], ['warning', 'DEGRADED'])
  assert.match(lastError?.message ?? '', /wordy/)
  assert.ok(ill.events.some(({ kind, severity: own }) => kind === 'group-sync' && own === 'warning'))
  await bridge.alterGroupOffsets(source, 'wordy', [{ ...offset, metadata: 'short' }])
  const well = await streamed(url, 'no refusal', report => isWell(report) && flowOf(report).groups?.sync?.refused === 0)
  assert.equal(flowOf(well).groups?.sync?.error, undefined)
  assert.ok(well.events.some(({ kind, severity: own }) => kind === 'group-sync' && own === 'ok'))
})

test('a topic that the target refuses to create is trouble of the flow, with its reason, until it is there', async () => {
  await bridge.createTopic(source, 'refused')
  await write('refused', 10)
  const url = await startMirror('D', 'refused', { 'replication.factor': '3' })
  const run = { flow: 'D->B', run: 'refreshing topics' }
  const shown = await scraped(url, 'a failing run', one => one.value('isthmus_run_failing', run) === 1)
  assert.ok(shown.value('isthmus_run_failures_total', run)! >= 1)
  const ill = await statusOf(url)
  assert.match(flowOf(ill).cause ?? '', /refused/)
  assert.ok(ill.events.some(({ kind, severity }) => kind === 'topics' && severity === 'warning'))
  const { status, reasons } = await health(url)
  assert.equal(status, 'DEGRADED', reasons.join())
  await bridge.createTopic(target, 'D.refused')
  const well = await streamed(url, 'no trouble any more', report => isWell(report) && flowOf(report).records === 10, 60_000)
  assert.ok(well.events.some(({ kind, severity }) => kind === 'topics' && severity === 'ok'))
  const mended = await scraped(url, 'no failing run', one => one.value('isthmus_run_failing', run) === 0)
  assert.ok(mended.value('isthmus_run_failures_total', run)! >= 1)
})
