import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureIdle } from './idle-run.ts'

test('1,000 idle partitions in one process take under 3 % of a core and 250 MB', async t => {
  const usage = await measureIdle({ topics: 100, partitionsPerTopic: 10, seconds: 20 })
  if (usage === undefined) {
    t.skip('no /proc on this machine')
    return
  }
  t.diagnostic(JSON.stringify(usage))
  assert.ok(usage.cpuShare < 0.03, `${100 * usage.cpuShare} % of a core`)
  assert.ok(usage.peakRssBytes < 250e6, `${usage.peakRssBytes / 1e6} MB`)
})
