import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { type FaultSigns, FaultWatch } from './fault-signs.ts'
import { type FaultTools, startFaultTools } from './fault-tools.ts'
import { FaultyMirror } from './faulty-mirror.ts'
import { numbered } from './losses.ts'
import type { Scrape } from './scrape.ts'

/** Longer than it may take until a fault is seen. */
const NOTICE = { 'isthmus.source.gap.notice.ms': '20000' }
const LIMIT = 50_000
const DENIED = { resourceType: 'GROUP', name: 'billing', principal: 'User:ANONYMOUS', operation: 'READ', permission: 'DENY' }

describe('a fault is told by the status, the metrics, the page, the trace, the command and the log, and is over there, too', {
  concurrency: true,
  timeout: 240_000,
}, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  let tools: FaultTools
  let mirror: FaultyMirror
  let watch: FaultWatch
  const ends: (() => Promise<unknown>)[] = []

  before(async () => {
    ;[source, target, bridge, tools] = await Promise.all([
      startCluster({ name: 'a' }),
      startCluster({
        name: 'b',
        config: {
          'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'allow.everyone.if.no.acl.found': 'true',
        },
      }),
      startBridge(),
      startFaultTools(),
    ])
    for (const topic of ['shrinks', 'renewed', 'billed']) {
      await bridge.createTopic(source, topic)
      await bridge.produce(source, topic, numbered(1, 10))
    }
    await bridge.alterGroupOffsets(source, 'billing', [{ topic: 'billed', partition: 0, offset: 5 }])
    mirror = await start(
      { after: job => ends.push(job) },
      {
        Gap: { topics: 'shrinks', ...NOTICE },
        New: { topics: 'renewed', ...NOTICE },
        Groups: {
          topics: 'billed',
          groups: 'billing',
          'sync.group.offsets.enabled': 'true',
          'sync.group.offsets.interval.seconds': '1',
        },
      },
    )
    watch = await FaultWatch.open({ after: job => ends.push(job) }, mirror, tools.jaeger, tools.browser)
    for (const name of ['Gap.shrinks', 'New.renewed', 'Groups.billed']) await bridge.awaitRecords(target, name, 10)
  })

  after(async () => {
    for (const end of ends.reverse()) await end()
    await Promise.all([tools?.close(), bridge?.close(), source?.stop(), target?.stop()])
  })

  const start = (
    t: { after(job: () => Promise<unknown>): void },
    flows: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ) => FaultyMirror.start(t, { source, target, jaeger: tools.jaeger }, flows)

  const trouble = (flow: string, partition: string, state: string) => (shown: Scrape) =>
    shown.value('isthmus_partition_trouble', { flow, partition, state }) === 1

  test('records that the source removed before they were copied', async t => {
    for (const missing of tools.missing) t.diagnostic(missing)
    void mirror.process.signal('SIGSTOP')
    let lost: number
    let sinceMs = 0
    try {
      await bridge.produce(source, 'shrinks', numbered(1, 10, 10))
      await bridge.produce(source, 'shrinks', numbered(1, 10, 20))
      await bridge.deleteRecords(source, 'shrinks', 0, -1)
      sinceMs = Date.now()
    } finally {
      void mirror.process.signal('SIGCONT')
    }
    const cause = /shrinks-0 on Gap: offsets \d+ to 29 .* were removed by retention before they were copied/
    const signs: FaultSigns = {
      flow: 'Gap->B',
      cause,
      event: 'gap',
      status: (_, { partitions }) => partitions.gaps === 1 && partitions.shown[0]?.state === 'GAP' && partitions.gapRecords > 0,
      metrics: trouble('Gap->B', 'shrinks-0', 'GAP'),
      metricsAfter: shown =>
        lost > 0 && shown.value('isthmus_lost_records_total', { flow: 'Gap->B', connector: 'MirrorSourceConnector' }) === lost,
      page: /Flow Gap → B: 1 partition lost records at the source before they were copied[\s\S]*offsets \d+ to 29/,
      span: 'gap shrinks',
      line: ({ level, code, msg }) => level === 'error' && code === 'SOURCE_GAP' && cause.test(msg),
      printed: /shrinks-0 +Gap->B +GAP .*removed by retention/,
    }
    await watch.seen(t, signs, sinceMs)
    const [copied] = await bridge.offsets(target, 'Gap.shrinks')
    lost = 30 - copied!.latest
    await watch.clear(t, signs, sinceMs)
    const laterMs = Date.now()
    await bridge.produce(source, 'shrinks', numbered(1, 5, 30))
    await bridge.awaitRecords(target, 'Gap.shrinks', copied!.latest + 5)
    await watch.tracedWell('shrinks', laterMs)
  })

  test('a topic that was deleted and created again', async t => {
    await bridge.deleteTopic(source, 'renewed')
    const sinceMs = Date.now()
    await bridge.createTopic(source, 'renewed')
    const cause = /renewed-0 on New: the topic was deleted and created again/
    const signs: FaultSigns = {
      flow: 'New->B',
      cause,
      event: 'recreated',
      status: (_, { partitions }) => partitions.gaps === 1 && partitions.shown[0]?.state === 'RECREATED',
      metrics: trouble('New->B', 'renewed-0', 'RECREATED'),
      metricsAfter: shown => shown.value('isthmus_partition_gaps_total', { flow: 'New->B', partition: 'renewed-0' }) === 1,
      page: /Flow New → B: 1 partition is of a topic that was created again[\s\S]*renewed-0 on New/,
      span: 'recreated renewed',
      line: ({ level, code, msg }) => level === 'error' && code === 'SOURCE_RECREATED' && cause.test(msg),
      printed: /renewed-0 +New->B +RECREATED .*deleted and created again/,
    }
    await watch.seen(t, signs, sinceMs)
    const laterMs = Date.now()
    await bridge.produce(source, 'renewed', numbered(1, 5))
    await bridge.awaitRecords(target, 'New.renewed', 15)
    await watch.clear(t, signs, sinceMs)
    await watch.tracedWell('renewed', laterMs)
  })

  test('a group that the target does not let us set, round after round', async t => {
    const set = async () => (await bridge.groupOffsets(target, 'billing'))[0]?.offset
    await eventually('billing is set', set, offset => offset === 5)
    await bridge.createAcls(target, [DENIED])
    const sinceMs = Date.now()
    await bridge.alterGroupOffsets(source, 'billing', [{ topic: 'billed', partition: 0, offset: 8 }])
    const run = { flow: 'Groups->B', run: 'syncing groups' }
    const cause = /billing .*(could not be set on B|on B is left as it is).*/
    const signs: FaultSigns = {
      flow: 'Groups->B',
      cause,
      event: 'group-sync',
      overEvent: 'group-sync',
      status: (_, { groups }) =>
        groups?.sync?.refused === 1 && groups.shown[0]?.name === 'billing' && groups.shown[0].severity === 'warning',
      metrics: shown => shown.value('isthmus_run_failing', run) === 1,
      metricsAfter: shown => shown.value('isthmus_run_failing', run) === 0 && shown.value('isthmus_run_failures_total', run)! > 0,
      page: /Flow Groups → B: 1 consumer group could not be set at the target[\s\S]*billing/,
      span: 'syncing groups',
      line: ({ level, msg }) => level === 'warn' && cause.test(msg),
      printed: /billing: .*on B/,
    }
    await watch.seen(t, signs, sinceMs)
    const refused = await mirror.awaitStatus('it is counted', ({ events }) =>
      events.some(
        ({ flow, kind, severity, count }) => flow === signs.flow && kind === 'group-sync' && severity === 'warning' && count > 2,
      ),
    )
    assert.equal(
      refused.events.filter(({ flow, kind, severity }) => flow === signs.flow && kind === signs.event && severity === 'warning')
        .length,
      1,
      'one event',
    )
    await bridge.deleteAcls(target, [DENIED])
    await watch.clear(t, signs, Date.now())
    assert.equal(await set(), 8)
  })

  test('a record that the target refuses', async t => {
    await bridge.createTopic(source, 'large')
    await bridge.createTopic(target, 'Large.large')
    await bridge.produce(source, 'large', numbered(1, 10))
    const flows = { Large: { topics: 'large', 'config.properties.exclude': 'max\\.message\\.bytes' } }
    const first = await start(t, flows)
    const firstWatch = await FaultWatch.open(t, first, tools.jaeger, tools.browser)
    await bridge.awaitRecords(target, 'Large.large', 10)
    await bridge.alterConfig(target, { topic: 'Large.large' }, { set: { 'max.message.bytes': `${LIMIT}` } })
    const sinceMs = Date.now()
    await bridge.produce(source, 'large', [{ value: 'x'.repeat(LIMIT) }])
    const cause = /offset 10 of large-0 on Large.*max\.message\.bytes of the target topic is 50000/
    const signs: FaultSigns = {
      flow: 'Large->B',
      cause,
      event: 'failed',
      status: ({ health }, { partitions }) => partitions.shown[0]?.severity === 'error' && health.state === 'DEGRADED',
      metrics: shown =>
        trouble('Large->B', 'large-0', 'FAILED')(shown) &&
        shown.value('isthmus_partitions', { flow: 'Large->B', connector: 'MirrorSourceConnector', state: 'FAILED' }) === 1,
      page: /Flow Large → B: 1 partition has failed and is not copied[\s\S]*offset 10 of large-0/,
      span: 'failed large',
      line: ({ level, msg }) => level === 'error' && cause.test(msg),
      printed: /large-0 +FAILED .*offset 10/,
    }
    await firstWatch.seen(t, signs, sinceMs)
    await first.process.terminate()
    await bridge.alterConfig(target, { topic: 'Large.large' }, { set: { 'max.message.bytes': '1000000' } })
    const laterMs = Date.now()
    const second = await start(t, flows)
    const secondWatch = await FaultWatch.open(t, second, tools.jaeger, tools.browser)
    await bridge.awaitRecords(target, 'Large.large', 11)
    await secondWatch.clear(t, signs, laterMs)
    assert.ok((await first.process.exited).code === 0)
    await secondWatch.tracedWell('large', laterMs)
  })
})
