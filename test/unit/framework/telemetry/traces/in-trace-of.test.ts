import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { context, trace } from '@opentelemetry/api'
import { AsyncContext } from '../../../../../framework/cli/telemetry/async-context.ts'
import { inTraceOf } from '../../../../../framework/telemetry/index.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

context.setGlobalContextManager(new AsyncContext())

const current = () => trace.getSpanContext(context.active())?.spanId

test('while a record is handled, the span that produced it is the current one, also after waiting', async () => {
  const handle = inTraceOf(async (_: { readonly headers: readonly { key: string; value: string }[] }, more: string) => {
    const before = current()
    await turn()
    return [before, current(), more]
  })
  const produced = { headers: [{ key: 'traceparent', value: `00-${TRACE}-${SPAN}-01` }] }
  assert.deepEqual(await handle(produced, 'x'), [SPAN, SPAN, 'x'])
  assert.deepEqual(await handle({ headers: [] }, 'y'), [undefined, undefined, 'y'])
  assert.deepEqual(await handle({ headers: [{ key: 'traceparent', value: 'nonsense' }] }, 'z'), [undefined, undefined, 'z'])
  assert.equal(current(), undefined)
})
