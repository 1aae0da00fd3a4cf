import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import protobuf from 'protobufjs'

export interface ReceivedSpan {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

type Value = string | number | boolean | undefined

/** A collector in this process: takes traces by OTLP over HTTP, as protobuf, and keeps their spans. */
export class SpanReceiver {
  readonly spans: ReceivedSpan[] = []
  readonly #server = createServer((request, response) => {
    this.#take(request).then(
      () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(),
      () => response.writeHead(400).end(),
    )
  })

  async start(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Of batches: `mirror orders`. */
  named(name: string): ReceivedSpan[] {
    return this.spans.filter(span => span.name === name)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #take(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.url?.endsWith('/traces') !== true) return
    const resourceSpans = messages(Buffer.concat(chunks), 1)
    const scopeSpans = resourceSpans.flatMap(bytes => messages(bytes, 2))
    this.spans.push(...scopeSpans.flatMap(bytes => messages(bytes, 2)).map(spanOf))
  }
}

/** Of opentelemetry/proto/trace/v1/trace.proto: the name is field 5, attributes are field 9. */
function spanOf(bytes: Uint8Array): ReceivedSpan {
  const name = messages(bytes, 5)[0] ?? new Uint8Array()
  const pairs = messages(bytes, 9).map(pair => [text(messages(pair, 1)[0]), anyValueOf(messages(pair, 2)[0])] as const)
  return { name: text(name), attributes: Object.fromEntries(pairs.flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))) }
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8')
}

/** The length-delimited fields with this number. */
function messages(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const reader = protobuf.Reader.create(bytes)
  const found: Uint8Array[] = []
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === ((wanted << 3) | 2)) found.push(reader.bytes())
    else reader.skipType(tag & 7)
  }
  return found
}

/** Of opentelemetry/proto/common/v1/common.proto, AnyValue: text 1, boolean 2, integer 3, double 4. */
function anyValueOf(bytes: Uint8Array | undefined): Value {
  const reader = protobuf.Reader.create(bytes ?? new Uint8Array())
  let value: Value
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag >>> 3 === 1) value = reader.string()
    else if (tag >>> 3 === 2) value = reader.bool()
    else if (tag >>> 3 === 3) value = Number(reader.int64())
    else if (tag >>> 3 === 4) value = reader.double()
    else reader.skipType(tag & 7)
  }
  return value
}
