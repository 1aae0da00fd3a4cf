import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linksOf, parseTraceParent, traceParentOf } from '../../../../../framework/telemetry/index.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test('a traceparent names a span', () => {
  assert.deepEqual(parseTraceParent(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true })
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-00`)?.traceFlags, 0)
})

test('later versions may say more', () => {
  assert.equal(parseTraceParent(`01-${TRACE}-${SPAN}-01-more`)?.traceId, TRACE)
  assert.equal(parseTraceParent(`00-${TRACE}-${SPAN}-01-more`), undefined)
})

for (const text of [
  '',
  'nonsense',
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}`,
]) {
  test(`"${text}" names none`, () => {
    assert.equal(parseTraceParent(text), undefined)
  })
}

test('the last header of the name counts, as bytes or as text', () => {
  const headers = [
    { key: 'traceparent', value: Buffer.from('first') },
    { key: 'traceparent', value: 'second' },
    { key: 'other', value: null },
  ]
  assert.equal(traceParentOf(headers), 'second')
  assert.equal(traceParentOf(headers.slice(0, 1)), 'first')
  assert.equal(traceParentOf([{ key: 'traceparent', value: null }]), undefined)
})

test('no more than a few dozen links, and no look beyond the first records', () => {
  const records = Array.from({ length: 1_000 }, (_, i) => ({
    headers: [{ key: 'traceparent', value: `00-${TRACE}-${(i + 1).toString(16).padStart(16, '0')}-01` }],
  }))
  assert.equal(linksOf(records).length, 32)
  const late = Array.from({ length: 1_000 }, (_, i) => ({ headers: i < 100 ? [] : records[i]!.headers }))
  assert.equal(linksOf(late).length, 0)
})
