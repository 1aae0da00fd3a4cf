import { setTimeout as delay } from 'node:timers/promises'

/** A span as Jaeger's query API tells it. */
export interface JaegerSpan {
  readonly traceID: string
  readonly spanID: string
  readonly operationName: string
  readonly references: readonly { readonly refType: string; readonly traceID: string; readonly spanID: string }[]
  /** Microseconds since the epoch. */
  readonly startTime: number
  /** Microseconds. */
  readonly duration: number
  readonly tags: readonly JaegerTag[]
  readonly logs: readonly { readonly timestamp: number; readonly fields: readonly JaegerTag[] }[]
}

interface JaegerTag {
  readonly key: string
  readonly value: unknown
}

export interface JaegerTrace {
  readonly traceID: string
  readonly spans: readonly JaegerSpan[]
  readonly processes: Readonly<Record<string, { readonly serviceName: string; readonly tags: readonly JaegerTag[] }>>
}

export interface TraceQuery {
  readonly service: string
  readonly operation?: string
}

const DEADLINE_MS = 20_000
const LOOK_MS = 200

async function ask<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) })
  return ((await response.json()) as { readonly data: T }).data
}

export function services(url: string): Promise<readonly string[]> {
  return ask(url, '/api/services')
}

/** The traces that there are, once there is one that will do. */
export async function awaitTrace(
  url: string,
  { service, operation }: TraceQuery,
  willDo: (trace: JaegerTrace) => boolean,
): Promise<JaegerTrace> {
  const query = new URLSearchParams({ service, limit: '500', lookback: '1h', ...(operation && { operation }) })
  const endsAtMs = performance.now() + DEADLINE_MS
  let traces: readonly JaegerTrace[] = []
  while (performance.now() < endsAtMs) {
    traces = (await ask<readonly JaegerTrace[] | null>(url, `/api/traces?${query}`)) ?? []
    const found = traces.find(willDo)
    if (found !== undefined) return found
    await delay(LOOK_MS)
  }
  const seen = traces.map(({ spans }) => spans.map(({ operationName }) => operationName).join(', '))
  throw new Error(
    `no such trace of ${service} within ${DEADLINE_MS} ms; there are ${traces.length}: ${seen.slice(0, 10).join(' | ')}`,
  )
}

export function tagsOf({ tags }: Pick<JaegerSpan, 'tags'>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]))
}

/** The names of a span's events. */
export function eventsOf({ logs }: JaegerSpan): unknown[] {
  return logs.map(({ fields }) => fields.find(({ key }) => key === 'event')?.value)
}

/** Of a trace: the span that the others lie below. */
export function rootOf({ spans }: JaegerTrace): JaegerSpan {
  const root = spans.find(span =>
    span.references.every(({ refType, traceID }) => refType !== 'CHILD_OF' || traceID !== span.traceID),
  )
  if (root === undefined) throw new Error(`no root among ${spans.map(span => span.operationName).join(', ')}`)
  return root
}

export function childOf(trace: JaegerTrace, name: string): JaegerSpan {
  const { spanID } = rootOf(trace)
  const child = trace.spans.find(span => span.operationName === name && span.references.some(each => each.spanID === spanID))
  if (child === undefined) throw new Error(`no ${name} among ${trace.spans.map(span => span.operationName).join(', ')}`)
  return child
}
