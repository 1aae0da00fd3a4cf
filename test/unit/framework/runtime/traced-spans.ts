import { type Attributes, context, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { openTracer } from '../../../../framework/telemetry/index.ts'

const exporter = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
context.disable()

export const tracer = openTracer()!

/** Spans that ended since the last call. */
export function takeSpans(): readonly ReadableSpan[] {
  const spans = [...exporter.getFinishedSpans()]
  exporter.reset()
  return spans
}

export function startOf({ startTime: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1000 + nanos / 1e6
}

export function endOf({ endTime: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1000 + nanos / 1e6
}

/** Those below a span, by name. */
export function childrenOf(root: ReadableSpan, spans: readonly ReadableSpan[]): Readonly<Record<string, ReadableSpan>> {
  const { spanId } = root.spanContext()
  return Object.fromEntries(spans.filter(span => span.parentSpanContext?.spanId === spanId).map(span => [span.name, span]))
}

export function roots(spans: readonly ReadableSpan[]): readonly ReadableSpan[] {
  return spans.filter(span => span.parentSpanContext === undefined)
}

export function attributesOf({ attributes }: ReadableSpan): Attributes {
  return { ...attributes }
}
