import { context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api'

export interface TraceFields {
  readonly trace_id: string
  readonly span_id: string
  /** `01` = sampled. */
  readonly trace_flags: string
}

/**
 * Of the current span, by the names that OpenTelemetry has for them in logs; undefined where there is none. A span that has ended is none: what it
 * opened, and still lives, is not about it.
 */
export function traceFields(): TraceFields | undefined {
  const span = trace.getSpan(context.active())
  if (span === undefined || ('ended' in span && span.ended === true)) return undefined
  const { traceId, spanId, traceFlags } = span.spanContext()
  return { trace_id: traceId, span_id: spanId, trace_flags: traceFlags.toString(16).padStart(2, '0') }
}

/** Runs a job that logs what a span, over already perhaps, tells of: its lines have the span's ids. Undefined = there is no span. */
export function besideSpan(span: SpanContext | undefined, job: () => void): void {
  if (span === undefined) job()
  else context.with(trace.setSpanContext(ROOT_CONTEXT, span), job)
}
