import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const DEADLINE_MS = 30_000

export interface SpanCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string
  /** Resolves with the name of the span with these ids, once it has been sent. */
  nameOf(traceId: string, spanId: string): Promise<string>
  close(): Promise<void>
}

/** Takes spans sent by OTLP over HTTP, and keeps them as they came. */
export async function startSpanCollector(): Promise<SpanCollector> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.url === '/v1/traces') bodies.push(Buffer.concat(chunks).toString('hex'))
    response.writeHead(200).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async nameOf(traceId, spanId) {
      const span = spanOf(traceId, spanId)
      for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline; await wait(50)) {
        const found = bodies.map(body => span.exec(body)).find(match => match !== null)
        if (found?.[1] !== undefined) return nameFrom(found[1])
      }
      throw new Error(`no span ${spanId} of trace ${traceId} was sent within ${DEADLINE_MS} ms`)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A span of opentelemetry.proto.trace.v1: fields 1 and 2 are its ids, 5 its name; others with a length may stand between. */
function spanOf(traceId: string, spanId: string): RegExp {
  return new RegExp(`0a10${traceId}1208${spanId}((?:..)*)`)
}

function nameFrom(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!
    const length = bytes[at + 1]!
    if (tag === 0x2a) return bytes.toString('utf8', at + 2, at + 2 + length)
    if ((tag & 7) === 2) at += 2 + length
    else if ((tag & 7) === 5) at += 5
    else throw new Error(`a field of the kind ${tag & 7} stands before the name of a span`)
  }
  throw new Error('a span has no name')
}
