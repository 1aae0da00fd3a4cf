import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import type { Metric, MetricSource } from '../../../../../framework/api/index.ts'
import { registerInstruments } from '../../../../../framework/telemetry/metrics/index.ts'

class Reader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve()
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve()
  }
}

const counter: Metric = { name: 'copied_total', kind: 'counter', unit: 'records', labels: ['topic'], doc: 'Copied.' }
const took: Metric = { name: 'took', kind: 'histogram', unit: 'seconds', labels: [], doc: 'How long.' }

test('a meter of somebody else has the values of the moment at which its reader collects, until that is ended', async () => {
  let copied = 1
  const source: MetricSource = {
    metrics: [counter, took],
    collect: to => {
      to.add(counter, { topic: 'a' }, copied)
      to.addHistogram(took, {}, { count: 2, sum: 3, bounds: [1], cumulative: [1] })
    },
  }
  const reader = new Reader()
  const provider = new MeterProvider({ readers: [reader] })
  const end = registerInstruments(provider.getMeter('test'), [source])
  const collected = async (): Promise<Record<string, readonly (readonly [unknown, unknown])[]>> => {
    const { resourceMetrics } = await reader.collect()
    const all = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)
    return Object.fromEntries(
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => [attributes, value] as const),
      ]),
    )
  }
  await collected()
  copied = 5
  const values = await collected()
  assert.deepEqual(values.copied_total, [[{ topic: 'a' }, 5]])
  assert.deepEqual(values.took_bucket, [
    [{ le: '1' }, 1],
    [{ le: '+Inf' }, 2],
  ])
  assert.deepEqual([values.took_sum, values.took_count], [[[{}, 3]], [[{}, 2]]])
  end()
  await provider.shutdown()
})
