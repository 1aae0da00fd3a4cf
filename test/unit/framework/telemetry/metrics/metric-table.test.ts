import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { allMetrics, metricTable } from './metric-table.ts'

test('the table of the README has every metric, as the code has it', () => {
  const readme = readFileSync(new URL('../../../../../framework/telemetry/README.md', import.meta.url), 'utf8')
  const table = /<!-- metrics -->\n([\s\S]*)\n<!-- \/metrics -->/.exec(readme)?.[1]
  assert.equal(table, metricTable())
})

test('names are given once, and say of what kind they are', () => {
  const names = allMetrics.map(({ name }) => name)
  assert.deepEqual([...new Set(names)], names)
  for (const { name, kind, labels, doc } of allMetrics) {
    assert.match(name, /^[a-z][a-z0-9_]*$/)
    if (name.startsWith('isthmus_')) assert.equal(name.endsWith('_total'), kind === 'counter', name)
    assert.deepEqual([...new Set(labels)], [...labels])
    assert.ok(/\.$/.test(doc) && !doc.includes('|'), name)
  }
})
