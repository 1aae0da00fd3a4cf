import { context, trace } from '@opentelemetry/api'
import { parseTraceParent, traceParentOf } from './trace-parent.ts'

type Traced = Parameters<typeof traceParentOf>[0]

/**
 * A handler of records that goes on with the trace in which each was produced: while it runs, the span that the record's `traceparent` header names is
 * the current one, for spans of its own and of what it calls. Records without one are handled as ever. The process needs a context manager, which
 * an SDK of OpenTelemetry brings along, and so does `isthmus`.
 *
 * @example
 * deliver = eachRecord(inTraceOf(async ({ value }, signal) => void (await fetch(url, { method: 'POST', body: JSON.stringify(value), signal }))))
 */
export function inTraceOf<R extends { readonly headers: Traced }, A extends readonly unknown[], T>(
  handle: (record: R, ...rest: A) => T,
): (record: R, ...rest: A) => T {
  return (record, ...rest) => {
    const text = traceParentOf(record.headers)
    const parent = text === undefined ? undefined : parseTraceParent(text)
    if (parent === undefined) return handle(record, ...rest)
    return context.with(trace.setSpanContext(context.active(), parent), () => handle(record, ...rest))
  }
}
