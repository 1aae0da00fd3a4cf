import type { Link } from '@opentelemetry/api'

/** Records whose headers are looked at. */
const LOOKED_AT = 64
/** Distinct ones per batch. */
const MAX_LINKS = 32

const VERSION_00 = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/
const LATER = /^(?!ff|00)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** A header of a record, as bytes or as a value. */
interface Header {
  readonly key: string
  readonly value: unknown
}

/** The span that a W3C `traceparent` names; undefined for what is none. */
export function parseTraceParent(text: string): Link['context'] | undefined {
  const found = VERSION_00.exec(text) ?? LATER.exec(text)
  if (found === null) return undefined
  const [, traceId = '', spanId = '', flags = '00'] = found
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}

/** Of the last header of that name: each hop adds its own behind the others. */
export function traceParentOf(headers: readonly Header[]): string | undefined {
  for (let i = headers.length - 1; i >= 0; i--) {
    const { key, value } = headers[i]!
    if (key === 'traceparent') return textOf(value)
  }
  return undefined
}

/** Links to the spans that the first records were produced in, each once. */
export function linksOf(records: readonly { readonly headers: readonly Header[] }[]): Link[] {
  const links = new Map<string, Link>()
  for (let i = 0; i < records.length && i < LOOKED_AT && links.size < MAX_LINKS; i++) {
    const text = traceParentOf(records[i]!.headers)
    if (text === undefined || links.has(text)) continue
    const context = parseTraceParent(text)
    if (context !== undefined) links.set(text, { context })
  }
  return [...links.values()]
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1') : undefined
}
