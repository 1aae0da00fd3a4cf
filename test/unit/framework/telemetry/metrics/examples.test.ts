import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { allMetrics } from './metric-table.ts'

const known = new Set(
  allMetrics.flatMap(({ name, kind }) => (kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])),
)

for (const file of ['alerts.yml', 'grafana-dashboard.json']) {
  test(`${file} asks for metrics that there are`, () => {
    const text = readFileSync(new URL(`../../../../../examples/observe/${file}`, import.meta.url), 'utf8')
    const names = text.match(/\b(?:isthmus|kafka_connect|nodejs|process)_\w+/g) ?? []
    assert.ok(names.length > 5)
    assert.deepEqual(
      names.filter(name => !known.has(name)),
      [],
    )
  })
}
