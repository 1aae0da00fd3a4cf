import { type Attributes, context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { recordError } from './batch-span.ts'
import { openTracer } from './open-tracer.ts'
import { SpanAttribute } from './span-attributes.ts'
import type { EventName, RunName } from './span-names.ts'

const RUN_FAILED: EventName = 'run failed'
/** Of one run. */
const TOLD = 16

/** Runs a job within a span of its own, where traces are made; what it logs has the span's ids. @param job may add attributes to the span, where there is one */
export async function inSpan<T>(name: RunName, attributes: Attributes, job: (span?: Span) => Promise<T>): Promise<T> {
  const span = openTracer()?.startSpan(name, { attributes, root: true }, ROOT_CONTEXT)
  if (span === undefined) return job()
  try {
    return await context.with(trace.setSpan(ROOT_CONTEXT, span), () => job(span))
  } catch (error) {
    recordError(span, error instanceof Error ? error : new Error(String(error)))
    throw error
  } finally {
    span.end()
  }
}

/** A run did not do all it should, and goes on: each failure is an event, and the span's status says so. */
export function tellFailures(span: Span | undefined, failures: readonly string[]): void {
  if (span === undefined || failures.length === 0) return
  for (const cause of failures.slice(0, TOLD)) span.addEvent(RUN_FAILED, { [SpanAttribute.cause]: cause })
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : ''
  span.setStatus({ code: SpanStatusCode.ERROR, message: `${failures[0]}${more}` })
}
