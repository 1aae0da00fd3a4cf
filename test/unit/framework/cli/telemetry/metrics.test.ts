import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { metrics } from '@opentelemetry/api'
import type { Metric, MetricSource } from '../../../../../framework/api/index.ts'
import { startMetrics } from '../../../../../framework/cli/telemetry/start-metrics.ts'
import { exportsMetrics } from '../../../../../framework/cli/telemetry/start-telemetry.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'

const before = { ...process.env }
after(() => {
  process.env = before
})

const lag: Metric = { name: 'isthmus_lag', kind: 'gauge', unit: 'records', labels: ['flow'], doc: 'What waits.' }
const source: MetricSource = { metrics: [lag], collect: to => to.add(lag, { flow: 'A->B' }, 42) }

test('metrics are exported where a standard variable names an endpoint, and nothing is switched off', () => {
  assert.equal(exportsMetrics({}), false)
  assert.equal(exportsMetrics({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }), false)
  assert.equal(exportsMetrics({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }), true)
  assert.equal(exportsMetrics({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:4318/v1/metrics' }), true)
  assert.equal(exportsMetrics({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_METRICS_EXPORTER: 'none' }), false)
  assert.equal(exportsMetrics({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'true' }), false)
})

test('sources and meters of plugins reach the collector; one that is down is told of once, and of its return', async () => {
  const bodies: string[] = []
  let status = 200
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(`${request.url} ${Buffer.concat(chunks).toString('latin1')}`)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>(done => collector.listen(0, '127.0.0.1', done))
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  process.env.OTEL_METRIC_EXPORT_INTERVAL = '60000'
  process.env.OTEL_SERVICE_NAME = 'my-mirror'
  const logger = new MemoryLogger()
  const exporting = startMetrics({ logger, program: 'isthmus/9.9', environment: process.env })
  exporting.show([source])
  metrics.getMeter('plugin').createCounter('mine').add(7)
  await exporting.flush()
  assert.equal(bodies.length, 1)
  for (const text of [/^\/v1\/metrics /, /my-mirror/, /isthmus_lag/, /A->B/, /\{records\}/, /mine/])
    assert.match(bodies[0] ?? '', text)
  status = 400
  await exporting.flush()
  await exporting.flush()
  status = 200
  await exporting.flush()
  await exporting.close()
  collector.closeAllConnections()
  collector.close()
  const [begun, refused, again, ...more] = logger.lines.map(({ message }) => message)
  assert.match(begun ?? '', /^metrics are sent to http:/)
  assert.match(refused ?? '', /^metrics cannot be sent to http:.*: it answered 400 Bad Request; .*see that a collector takes/)
  assert.match(again ?? '', /^metrics are sent to http:.* again$/)
  assert.deepEqual(more, [])
})
