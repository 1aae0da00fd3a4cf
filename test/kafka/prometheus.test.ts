import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { freePorts } from '../kafka-tool/ports.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import {
  type Alert,
  type Prometheus,
  PrometheusToolError,
  promtool,
  type Series,
  startPrometheus,
} from '../prometheus-tool/index.ts'
import { alertCases, alertTests } from './alert-cases.ts'
import { alertExpressions, alertRules, dashboardQueries, quickAlertRules } from './alert-rules.ts'
import { Cli, tempFiles } from './cli-process.ts'
import { eventually } from './eventually.ts'
import { mirrorProperties } from './mirror-process.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/observe/', import.meta.url))
/** These have series only while something is not as it should be. */
const EMPTY_WHEN_WELL = ['topk(5, isthmus_partition_lag_records > 0)', 'isthmus_partitions{state="FAILED"}']

interface Dashboard {
  readonly answered: readonly string[]
  readonly missing: readonly string[]
}

describe('a real Prometheus', { concurrency: false }, () => {
  const files = tempFiles()
  const running: Cli[] = []
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  let prometheus: Prometheus | undefined
  let mirrorPort = 0
  let mirror: Cli

  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    const [first = 0, second = 0] = await freePorts(2)
    mirrorPort = first
    try {
      prometheus = await startPrometheus({
        rules: quickAlertRules,
        jobs: [
          {
            job: 'isthmus',
            targets: [
              { address: `127.0.0.1:${first}`, labels: { role: 'mirror' } },
              { address: `127.0.0.1:${second}`, labels: { role: 'connect' } },
            ],
          },
        ],
      })
    } catch (error) {
      if (!(error instanceof PrometheusToolError)) throw error
      return
    }
    await bridge.createTopic(source, 'orders', { partitions: 2 })
    await bridge.produce(source, 'orders', records(200))
    await bridge.alterGroupOffsets(source, 'billing', [{ topic: 'orders', partition: 0, offset: 50 }])
    mirror = startMirror()
    const worker = await startWorker(second)
    await Promise.all([mirror, worker].map(cli => cli.logged(/^The status page is at /)))
  })

  after(async () => {
    for (const cli of running) cli.signal('SIGKILL')
    await Promise.all(running.map(cli => cli.ended))
    files.remove()
    await Promise.all([bridge?.close(), prometheus?.stop(), source?.stop(), target?.stop()])
  })

  const records = (count: number) => Array.from({ length: count }, (_, i) => ({ partition: i % 2, value: `order ${i}` }))

  function start(...args: readonly string[]): Cli {
    const cli = new Cli(args)
    running.push(cli)
    return cli
  }

  function startMirror(): Cli {
    const properties = mirrorProperties(source, target, {
      'A->B.topics': 'orders',
      'A.consumer.fetch.max.wait.ms': '100',
      'sync.group.offsets.enabled': 'true',
      'emit.checkpoints.interval.seconds': '1',
      'refresh.groups.interval.seconds': '1',
      'sync.group.offsets.interval.seconds': '1',
    })
    return start(
      'mirror',
      files.write('mm2.properties', formatProperties(properties)),
      '--clusters',
      'B',
      '--listen',
      `127.0.0.1:${mirrorPort}`,
    )
  }

  async function startWorker(port: number): Promise<Cli> {
    await bridge.createTopic(source, 'lines')
    files.write('in.txt', Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join(''))
    const worker = {
      'bootstrap.servers': source.bootstrapServers,
      'key.converter': 'StringConverter',
      'value.converter': 'StringConverter',
      'offset.storage.file.filename': `${files.folder}/offsets.json`,
      'offset.flush.interval.ms': '500',
      'isthmus.http.listen': `127.0.0.1:${port}`,
    }
    const reader = { name: 'in', 'connector.class': 'FileStreamSource', file: `${files.folder}/in.txt`, topic: 'lines' }
    const writer = { name: 'out', 'connector.class': 'FileStreamSink', file: `${files.folder}/out.txt`, topics: 'lines' }
    const paths = Object.entries({ worker, reader, writer }).map(([name, lines]) =>
      files.write(`${name}.properties`, formatProperties(lines)),
    )
    return start('connect', 'standalone', ...paths)
  }

  function watching(t: TestContext): Prometheus | undefined {
    if (prometheus === undefined) t.skip('There is no Prometheus here: install it, or run as root on Debian')
    return prometheus
  }

  const answers = (of: Prometheus, expression: string): Promise<readonly Series[]> =>
    eventually(
      expression,
      () => of.query(expression),
      series => series.length > 0,
    )

  const alerts = (of: Prometheus, what: string, isEnough: (alerts: readonly Alert[]) => boolean): Promise<readonly Alert[]> =>
    eventually(what, () => of.alerts(), isEnough)

  const isThere = (name: string, state: Alert['state']) => (all: readonly Alert[]) =>
    all.some(({ labels, state: now }) => labels.alertname === name && now === state)
  const isGone = (name: string) => (all: readonly Alert[]) => all.every(({ labels }) => labels.alertname !== name)

  test('promtool has nothing to say against the rules, the configuration and what /metrics answers', async t => {
    if (watching(t) === undefined) return
    for (const args of [
      ['check', 'rules', `${EXAMPLES}alerts.yml`],
      ['check', 'config', `${EXAMPLES}prometheus.yml`],
    ]) {
      const { code, output } = await promtool(args)
      assert.equal(code, 0, output)
      assert.match(output, new RegExp(`SUCCESS: ${alertExpressions.size} rules found`))
    }
    const input = await (await fetch(`http://127.0.0.1:${mirrorPort}/metrics`)).text()
    const { output } = await promtool(['check', 'metrics'], { input })
    const findings = output.split('\n').filter(line => line !== '' && !line.startsWith('kafka_connect_'))
    assert.deepEqual(findings, [], 'names that are not those of Kafka Connect')
  })

  test('each rule fires for what it is for, with its own times and not before', async t => {
    if (watching(t) === undefined) return
    assert.deepEqual(alertCases.map(({ alert }) => alert).sort(), [...alertExpressions.keys()].sort())
    const rules = files.write('alerts.yml', alertRules)
    const { code, output } = await promtool(['test', 'rules', files.write('alert-tests.yml', alertTests(rules))])
    assert.equal(code, 0, output)
  })

  test('every query of the dashboard gives series of a mirror and a worker that run', async t => {
    const of = watching(t)
    if (of === undefined) return
    await answers(of, 'isthmus_flow_records_total == 200')
    await bridge.produce(source, 'orders', records(50))
    for (const query of dashboardQueries) {
      if (query.includes('isthmus_retries_total') || EMPTY_WHEN_WELL.includes(query)) await of.query(query)
      else await answers(of, query)
    }
  })

  test('what rules look at is there, and none of them fires while all is well', async t => {
    const of = watching(t)
    if (of === undefined) return
    for (const [name, expression] of alertExpressions) {
      const [, left = '', condition = ''] = /^(.+) ((?:==|>) [\d.]+)$/.exec(expression) ?? []
      assert.notEqual(condition, '', `${name}: ${expression}`)
      if (EMPTY_WHEN_WELL.includes(left)) await of.query(left)
      else await answers(of, left)
    }
    await alerts(of, 'no alerts', all => all.length === 0)
  })

  for (const [name, { answered, missing }] of Object.entries(dashboards())) {
    test(`names that the ${name} dashboard of Strimzi asks for have series, but for those that the README says are missing`, async t => {
      const of = watching(t)
      if (of === undefined) return
      const role = name === 'connect' ? 'connect' : 'mirror'
      for (const asked of answered) await answers(of, `${asked}{role="${role}"}`)
      const readme = readFileSync(new URL('../../framework/telemetry/README.md', import.meta.url), 'utf8')
      for (const asked of missing) {
        assert.deepEqual(await of.query(`${asked}{role="${role}"}`), [], asked)
        assert.ok(readme.includes(`\`${asked}\``), `${asked} is not in the README`)
      }
    })
  }

  test('a target that is away is told by pending and firing alerts with the names of the flow, which clear when it is back', async t => {
    const of = watching(t)
    if (of === undefined) return
    await target.brokers[0]!.kill()
    await bridge.produce(source, 'orders', records(20))
    await alerts(of, 'pending', isThere('IsthmusDegraded', 'pending'))
    const all = await alerts(
      of,
      'firing',
      now => isThere('IsthmusDegraded', 'firing')(now) && isThere('IsthmusRecordsWait', 'firing')(now),
    )
    const found = (name: string) => all.find(({ labels }) => labels.alertname === name)
    const place = { instance: `127.0.0.1:${mirrorPort}`, job: 'isthmus', role: 'mirror', severity: 'warning' }
    assert.deepEqual(found('IsthmusDegraded')?.labels, { alertname: 'IsthmusDegraded', flow: 'A->B', ...place })
    assert.deepEqual(found('IsthmusRecordsWait')?.labels, { alertname: 'IsthmusRecordsWait', source: 'A', target: 'B', ...place })
    assert.match(
      found('IsthmusRecordsWait')?.annotations.summary ?? '',
      /^The oldest record of A that is not on B has been waiting/,
    )
    assert.deepEqual(
      all.filter(({ labels }) => labels.role !== 'mirror'),
      [],
    )
    await target.brokers[0]!.start()
    await alerts(of, 'all clear', now => now.length === 0)
  })

  test('a process that is gone is told, and that it is back', async t => {
    const of = watching(t)
    if (of === undefined) return
    mirror.signal('SIGKILL')
    await mirror.ended
    await alerts(of, 'pending', isThere('IsthmusAbsent', 'pending'))
    const all = await alerts(of, 'firing', isThere('IsthmusAbsent', 'firing'))
    const absent = all.find(({ labels }) => labels.alertname === 'IsthmusAbsent')
    const instance = `127.0.0.1:${mirrorPort}`
    assert.deepEqual(absent?.labels, {
      alertname: 'IsthmusAbsent',
      instance,
      job: 'isthmus',
      role: 'mirror',
      severity: 'critical',
    })
    assert.equal(absent?.annotations.summary, `${instance} does not answer: the process is gone, or cannot be reached.`)
    startMirror()
    await alerts(of, 'all clear', isGone('IsthmusAbsent'))
  })
})

function dashboards(): Readonly<Record<string, Dashboard>> {
  return JSON.parse(readFileSync(new URL('fixtures/strimzi-dashboards.json', import.meta.url), 'utf8'))
}
