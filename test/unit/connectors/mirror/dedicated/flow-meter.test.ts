import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FlowMeter } from '../../../../../connectors/mirror/dedicated/flow-meter.ts'
import { PartitionEntry } from '../../../../../framework/runtime/index.ts'

const entry = () => new PartitionEntry({ topic: 't', partition: 0 }, () => undefined)

test('rates are over the samples, totals over all time', () => {
  const meter = new FlowMeter()
  const one = entry()
  meter.sample([], 0)
  one.acked(100, 1000)
  meter.sample([one], 1000)
  one.acked(300, 3000)
  meter.sample([one], 2000)
  assert.deepEqual(meter.rates(), { records: 400, bytes: 4000, recordsPerSecond: 200, bytesPerSecond: 2000 })
})

test('what is long past counts in the totals only', () => {
  const meter = new FlowMeter()
  const one = entry()
  one.acked(100, 1000)
  for (let second = 0; second < 10; second++) meter.sample([one], second * 1000)
  assert.deepEqual(meter.rates(), { records: 100, bytes: 1000, recordsPerSecond: 0, bytesPerSecond: 0 })
})

test('a partition that nobody owns for a while, or a new entry for it, never counts backwards', () => {
  const meter = new FlowMeter()
  const one = entry()
  one.acked(100, 1000)
  meter.sample([one], 0)
  meter.sample([], 1000)
  meter.sample([one], 2000)
  const again = entry()
  again.acked(5, 50)
  meter.sample([again], 3000)
  assert.deepEqual([meter.rates().records, meter.rates().bytes], [105, 1050])
})

test('latency is that of the last samples', () => {
  const meter = new FlowMeter()
  const one = entry()
  meter.sample([one], 0)
  assert.equal(meter.rates().hop, undefined)
  for (let i = 0; i < 100; i++) one.latency.record(4)
  meter.sample([one], 1000)
  assert.ok(Math.abs((meter.rates().hop?.p50Ms ?? 0) - 4) < 1)
  for (let second = 2; second < 10; second++) meter.sample([one], second * 1000)
  assert.equal(meter.rates().hop, undefined)
})

test('the hops of all time are those up to now, before a sample as after it', () => {
  const meter = new FlowMeter()
  const one = entry()
  for (const second of [1, 2]) {
    one.latency.record(4)
    assert.equal(meter.hop([one]).count, second)
    meter.sample([one], second * 1000)
    assert.deepEqual([meter.hop([one]).count, meter.hop([one]).sumMs], [second, 4 * second])
  }
})
