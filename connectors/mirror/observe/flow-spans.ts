import type { Attributes, SpanContext } from '@opentelemetry/api'
import { RateLimit } from '../../../framework/flow/index.ts'
import type { NewEvent } from '../../../framework/runtime/status-report/index.ts'
import { type FlowTroubleName, openTracer, recordError } from '../../../framework/telemetry/index.ts'
import { flowAttributes } from './flow-attributes.ts'

/** What fails again and again is no news. */
const TROUBLES = { burst: 10, perSecond: 0.1 }

/** Spans of what is wrong with a flow as a whole, as it begins: no batch may be there to tell it. */
export class FlowSpans {
  readonly #attributes: Attributes
  readonly #limit = new RateLimit(TROUBLES)

  constructor({ source, target }: { readonly source: string; readonly target: string }) {
    this.#attributes = flowAttributes({ 'source.cluster.alias': source, 'target.cluster.alias': target })
  }

  /** Its ids, for what is logged beside it; undefined = none was made. @param of the name of the flow or cluster */
  tell(what: FlowTroubleName, of: string, { message, code, kind }: NewEvent, more: Attributes = {}): SpanContext | undefined {
    const tracer = openTracer()
    if (tracer === undefined || !this.#limit.take()) return undefined
    const span = tracer.startSpan(`${what} ${of}`, { attributes: { ...this.#attributes, ...more }, root: true })
    recordError(span, Object.assign(new Error(message), { name: code ?? kind }))
    span.end()
    return span.spanContext()
  }
}
