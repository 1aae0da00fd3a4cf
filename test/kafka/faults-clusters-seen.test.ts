import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type FaultSigns, FaultWatch } from './fault-signs.ts'
import { type FaultTools, startFaultTools } from './fault-tools.ts'
import { FaultyMirror } from './faulty-mirror.ts'
import { numbered } from './losses.ts'
import type { Scrape } from './scrape.ts'

/** As in a mirror that is left alone: nobody looks for topics or groups meanwhile. */
const SELDOM = { 'refresh.topics.interval.seconds': '600' }
const WITHOUT_CHECKPOINTS = { 'emit.checkpoints.enabled': 'false', ...SELDOM }
/** Kafka's own: a broker that freezes for some seconds is not counted out, and then has no news of what is idle. */
const DEFAULT_SESSION = { 'broker.session.timeout.ms': '9000' }
/** Once a cluster answers again everything goes on within this time. */
const CLEAR_MS = 15_000

describe('a cluster that goes away is told everywhere within ten seconds, also where nothing is to be copied, and is over there, too', {
  concurrency: false,
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
      startCluster({ name: 'a', config: DEFAULT_SESSION }),
      startCluster({ name: 'b' }),
      startBridge(),
      startFaultTools(),
    ])
    for (const topic of ['idle', 'busy']) {
      await bridge.createTopic(source, topic)
      await bridge.produce(source, topic, numbered(1, 10))
    }
    mirror = await FaultyMirror.start(
      { after: job => ends.push(job) },
      { source, target, jaeger: tools.jaeger },
      {
        Idle: { topics: 'idle', ...WITHOUT_CHECKPOINTS },
        Busy: { topics: 'busy', ...WITHOUT_CHECKPOINTS },
        Empty: { topics: 'nothing-yet', ...WITHOUT_CHECKPOINTS },
      },
    )
    watch = await FaultWatch.open({ after: job => ends.push(job) }, mirror, tools.jaeger, tools.browser)
    for (const name of ['Idle.idle', 'Busy.busy']) await bridge.awaitRecords(target, name, 10)
  })

  after(async () => {
    for (const end of ends.reverse()) await end()
    await Promise.all([tools?.close(), bridge?.close(), source?.stop(), target?.stop()])
  })

  /** Resolves with when the broker was back. @param job told since when it is down */
  const whileDown = async ({ brokers }: KafkaCluster, job: (sinceMs: number) => Promise<void>): Promise<number> => {
    const sinceMs = Date.now()
    await brokers[0]!.kill()
    try {
      await job(sinceMs)
    } finally {
      await brokers[0]!.start()
    }
    return Date.now()
  }

  const unreachable = (from: string, side: string) => (shown: Scrape) =>
    shown.value('isthmus_flow_cluster_unreachable', { source: from, target: 'B', side }) === 1

  const retries = async (): Promise<number> =>
    (await mirror.scraped('retries', shown => shown.sum('isthmus_retries_total', { flow: 'Idle->B', side: 'source' }) > 0)).sum(
      'isthmus_retries_total',
      { flow: 'Idle->B', side: 'source' },
    )

  /** Of a flow that has a partition, of which nothing is to be copied. */
  const idle: FaultSigns = {
    flow: 'Idle->B',
    cause: /127\.0\.0\.1:\d+|makes no progress/,
    event: 'retrying',
    overEvent: 'flowing',
    status: ({ clusters, health }, { partitions }) =>
      partitions.shown[0]?.state === 'RETRYING' &&
      health.state === 'DEGRADED' &&
      clusters.some(({ alias, severity, cause }) => alias === 'Idle' && severity === 'warning' && cause !== undefined),
    metrics: shown =>
      unreachable('Idle', 'source')(shown) &&
      shown.value('isthmus_partition_trouble', { flow: 'Idle->B', partition: 'idle-0', state: 'RETRYING' }) === 1 &&
      shown
        .all('isthmus_retries_total', { flow: 'Idle->B', side: 'source' })
        .every(({ labels, value }) => labels.cause !== '' && value > 0),
    page: /Cluster Idle is in trouble[\s\S]*Flow Idle → B: 1 partition makes no progress/,
    span: 'retrying idle',
    line: ({ level, msg }) => level === 'warn' && /idle-0 makes no progress/.test(msg),
    printed: /idle-0 +Idle->B +RETRYING .*127\.0\.0\.1/,
  }

  /** Of a flow that has none: nothing is read that could fail. */
  const empty: FaultSigns = {
    flow: 'Empty->B',
    cause: /cluster Empty cannot be used: .*127\.0\.0\.1:\d+/i,
    event: 'cluster-unreachable',
    overEvent: 'cluster-reachable',
    status: ({ clusters }) => clusters.some(({ alias, severity }) => alias === 'Empty' && severity === 'warning'),
    metrics: shown => unreachable('Empty', 'source')(shown) && shown.value('isthmus_health', { flow: 'Empty->B' }) === 1,
    page: /Cluster Empty is in trouble/,
    span: 'cluster Empty',
    line: ({ level, msg }) => level === 'warn' && /Cluster Empty cannot be used/.test(msg),
    printed: /Empty->B: cluster Empty cannot be used/,
  }

  test('the source dies while nothing is produced', async t => {
    for (const missing of tools.missing) t.diagnostic(missing)
    const endedMs = await whileDown(source, async sinceMs => {
      await Promise.all([watch.seen(t, idle, sinceMs), watch.seen(t, empty, sinceMs)])
    })
    const before = await retries()
    await Promise.all([watch.clear(t, idle, endedMs, CLEAR_MS), watch.clear(t, empty, endedMs, CLEAR_MS)])
    await bridge.produce(source, 'idle', numbered(1, 10, 10))
    await bridge.awaitRecords(target, 'Idle.idle', 20)
    await watch.tracedWell('idle', endedMs)

    const againMs = await whileDown(source, async () => {
      await mirror.awaitStatus('the same again', ({ events, flows }) => {
        const event = events.find(
          ({ flow, kind, severity }) => flow === 'Idle->B' && kind === 'retrying' && severity === 'warning',
        )
        return (event?.count ?? 0) > 1 && flows.every(({ severity }) => severity !== 'ok')
      })
      assert.equal(await retries(), before + 1, 'each time is counted, not each attempt')
    })
    await Promise.all([watch.clear(t, idle, againMs, CLEAR_MS), watch.clear(t, empty, againMs, CLEAR_MS)])
  })

  test('the source freezes while nothing is produced', async t => {
    const { pid } = source.brokers[0]!
    const sinceMs = Date.now()
    process.kill(pid!, 'SIGSTOP')
    try {
      await watch.seen(t, { ...idle, cause: /has not answered|makes no progress/ }, sinceMs)
    } finally {
      process.kill(pid!, 'SIGCONT')
    }
    await watch.clear(t, idle, Date.now(), CLEAR_MS)
  })

  test('the target dies: both where nothing is produced and where records come', async t => {
    const signs = (from: string): FaultSigns => ({
      flow: `${from}->B`,
      cause: /cluster B cannot be used|no progress|127\.0\.0\.1:\d+|joining the group again/i,
      event: 'cluster-unreachable',
      overEvent: 'cluster-reachable',
      status: ({ clusters, health }) =>
        health.state !== 'UP' &&
        clusters.some(({ alias, severity, cause }) => alias === 'B' && severity === 'warning' && cause !== undefined),
      metrics: shown => unreachable(from, 'target')(shown) && shown.value('isthmus_health', { flow: `${from}->B` }) === 1,
      page: /Cluster B is in trouble/,
      span: 'cluster B',
      line: ({ level, msg }) => level === 'warn' && msg.startsWith(`Flow ${from}->B: Cluster B cannot be used`),
      printed: /B +IN TROUBLE/,
    })
    const startMs = Date.now()
    const endedMs = await whileDown(target, async sinceMs => {
      await bridge.produce(source, 'busy', numbered(1, 10, 10))
      await Promise.all(['Idle', 'Busy'].map(from => watch.seen(t, signs(from), sinceMs)))
    })
    await Promise.all(['Idle', 'Busy'].map(from => watch.clear(t, signs(from), endedMs, CLEAR_MS)))
    const { flows } = await mirror.status()
    assert.ok(
      flows.every(({ lastError }) => (lastError?.atMs ?? 0) >= startMs),
      'what went wrong is still known',
    )
    const laterMs = Date.now()
    await bridge.produce(source, 'busy', numbered(1, 10, 20))
    await bridge.awaitRecords(target, 'Busy.busy', 30)
    await watch.tracedWell('busy', laterMs)
  })
})
