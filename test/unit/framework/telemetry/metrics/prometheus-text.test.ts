import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metric, MetricSink, MetricSource } from '../../../../../framework/api/index.ts'
import { prometheusText } from '../../../../../framework/telemetry/metrics/index.ts'

const gauge: Metric = { name: 'lag', kind: 'gauge', unit: 'records', labels: ['topic'], doc: 'What \\ waits.' }
const histogram: Metric = { name: 'took', kind: 'histogram', unit: 'seconds', labels: [], doc: 'How long.' }

const source = (collect: (to: MetricSink) => void): MetricSource => ({ metrics: [gauge, histogram], collect })

test('values of one metric stand together, whatever the sources and the order in which they come', () => {
  const labels = { topic: 'a' }
  const first = source(to => {
    to.add(gauge, labels, 1)
    to.addHistogram(histogram, {}, { count: 3, sum: 1.5, bounds: [0.1, 1], cumulative: [1, 2] })
  })
  const second = source(to => to.add(gauge, { topic: 'b' }, 2))
  assert.equal(
    prometheusText([first, second]),
    `# HELP lag What \\\\ waits.
# TYPE lag gauge
lag{topic="a"} 1
lag{topic="b"} 2
# HELP took How long.
# TYPE took histogram
took_bucket{le="0.1"} 1
took_bucket{le="1"} 2
took_bucket{le="+Inf"} 3
took_sum 1.5
took_count 3
`,
  )
})

test('labels are escaped, and numbers that are none are written as Prometheus has them', () => {
  const strange = source(to => {
    to.add(gauge, { topic: 'a"b\\c\nd' }, Number.NaN)
    to.add(gauge, {}, Number.POSITIVE_INFINITY)
  })
  const lines = prometheusText([strange]).split('\n').slice(2, 4)
  assert.deepEqual(lines, ['lag{topic="a\\"b\\\\c\\nd"} NaN', 'lag +Inf'])
  assert.equal(prometheusText([]), '')
})
