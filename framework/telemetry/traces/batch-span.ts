import {
  type Attributes,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { ConnectError } from '../../api/index.ts'
import { SpanAttribute } from './span-attributes.ts'
import type { EventName, StageName } from './span-names.ts'
import { wallClockOffset } from './wall-clock.ts'

/** Times here and below are milliseconds of `performance.now()`. */
export interface Stage {
  readonly name: StageName
  readonly startAt: number
  readonly endAt: number
  readonly attributes?: Attributes | undefined
  readonly error?: Error | undefined
}

export interface SpanEvent {
  readonly name: EventName
  readonly at: number
  readonly attributes?: Attributes | undefined
}

/** A batch that is through, or has failed. */
export interface FinishedBatch {
  /** `mirror orders`. */
  readonly name: string
  readonly startAt: number
  readonly endAt: number
  readonly attributes: Attributes
  readonly stages: readonly Stage[]
  readonly events: readonly SpanEvent[]
  readonly links: readonly Link[]
  readonly error?: Error | undefined
}

const KINDS: Readonly<Record<StageName, SpanKind>> = {
  receive: SpanKind.CLIENT,
  transform: SpanKind.INTERNAL,
  send: SpanKind.CLIENT,
  deliver: SpanKind.INTERNAL,
  commit: SpanKind.CLIENT,
}

/** Makes the spans of a batch after the fact: one of its own, and below it one for each stage. Returns what further stages are to be put below. */
export function batchSpan(tracer: Tracer, batch: FinishedBatch): SpanContext {
  const offset = wallClockOffset()
  const { name, startAt, endAt, attributes, links, stages, events, error } = batch
  const span = tracer.startSpan(name, { startTime: offset + startAt, attributes, links: [...links], root: true }, ROOT_CONTEXT)
  for (const stage of stages) stageSpan(tracer, span.spanContext(), stage, offset)
  for (const { name: what, at, attributes: more } of events) span.addEvent(what, more, offset + at)
  if (error !== undefined) recordError(span, error, offset + endAt)
  span.end(offset + endAt)
  return span.spanContext()
}

/** A stage of a batch whose span is there already. */
export function stageSpan(tracer: Tracer, parent: SpanContext, stage: Stage, offset = wallClockOffset()): void {
  const { name, startAt, endAt, attributes, error } = stage
  const context = trace.setSpanContext(ROOT_CONTEXT, parent)
  const span = tracer.startSpan(
    name,
    { kind: KINDS[name], startTime: offset + startAt, ...(attributes && { attributes }) },
    context,
  )
  if (error !== undefined) recordError(span, error, offset + endAt)
  span.end(offset + endAt)
}

/** An error as an event, its code as an attribute, and the span's status. @param at milliseconds since the epoch; now by default */
export function recordError(span: Span, error: Error, at?: number): void {
  span.recordException(error, at)
  span.setAttribute(SpanAttribute.errorType, error instanceof ConnectError ? error.code : error.name)
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
}
