import assert from 'node:assert/strict'
import { test } from 'node:test'
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { AsyncContext } from '../../../../framework/cli/telemetry/async-context.ts'
import { besideSpan, createLogger, inSpan } from '../../../../framework/telemetry/index.ts'
import { takeSpans, tracer } from '../runtime/traced-spans.ts'

context.setGlobalContextManager(new AsyncContext())

function logging(format: 'json' | 'pretty', verbose = false) {
  const lines: string[] = []
  const logger = createLogger({ format, verbose, destination: { write: line => lines.push(line) } })
  return { logger, lines }
}

function idsOf(line: string): readonly unknown[] {
  const { trace_id, span_id, trace_flags } = JSON.parse(line)
  return [trace_id, span_id, trace_flags]
}

test('what a run logs, also after waiting, has the ids of its span; lines outside have none', async () => {
  const { logger, lines } = logging('json')
  takeSpans()
  await inSpan('checkpoint round', {}, async () => {
    logger.info({}, 'within')
    await new Promise(setImmediate)
    logger.child({ a: 1 }).warn({}, 'later')
  })
  logger.info({}, 'outside')
  const { traceId, spanId } = takeSpans()[0]!.spanContext()
  assert.deepEqual(lines.map(idsOf), [
    [traceId, spanId, '01'],
    [traceId, spanId, '01'],
    [undefined, undefined, undefined],
  ])
})

test('a span that has ended is no longer logged by what it opened', async () => {
  const { logger, lines } = logging('json')
  let left: Promise<void> = Promise.resolve()
  await inSpan('refreshing topics', {}, async () => {
    left = new Promise<void>(resolve => setTimeout(resolve, 5)).then(() => logger.info({}, 'long after'))
  })
  await left
  assert.deepEqual(idsOf(lines[0]!), [undefined, undefined, undefined])
})

test('a span of a host program, or of the producer of a record, is logged as well', () => {
  const { logger, lines } = logging('json')
  const remote = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 0, isRemote: true }
  context.with(trace.setSpanContext(ROOT_CONTEXT, remote), () => logger.info({}, 'handled'))
  const span = tracer.startSpan('own')
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => logger.info({}, 'own'))
  span.end()
  assert.deepEqual(idsOf(lines[0]!), [remote.traceId, remote.spanId, '00'])
  assert.equal(idsOf(lines[1]!)[0], span.spanContext().traceId)
})

test('a line beside a span that was made after the fact has its ids', () => {
  const { logger, lines } = logging('json')
  const span = tracer.startSpan('retrying orders')
  span.end()
  besideSpan(span.spanContext(), () => logger.warn({}, 'makes no progress'))
  besideSpan(undefined, () => logger.warn({}, 'untraced'))
  assert.deepEqual(idsOf(lines[0]!), [span.spanContext().traceId, span.spanContext().spanId, '01'])
  assert.deepEqual(idsOf(lines[1]!), [undefined, undefined, undefined])
})

test('lines of text have the beginning of the trace id, and the component, with --verbose alone', () => {
  for (const verbose of [false, true]) {
    const { logger, lines } = logging('pretty', verbose)
    const span = tracer.startSpan('x')
    besideSpan(span.spanContext(), () => logger.info({ topic: 'orders' }, 'Copying'))
    span.end()
    const more = verbose ? ` component=isthmus trace=${span.spanContext().traceId.slice(0, 8)}` : ''
    assert.equal(lines[0]!.slice(13), `INFO  Copying topic=orders${more}\n`)
  }
})
