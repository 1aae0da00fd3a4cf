import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Answer, Listener, StreamAnswer } from './route.ts'

/** Smaller answers are sent as they are. */
const GZIP_FROM_BYTES = 4096

const compress = promisify(gzip)

export async function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body } = answer
  let bytes: Uint8Array = typeof body === 'string' ? Buffer.from(body) : body
  setHeaders(response, answer.contentType)
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value)
  if (bytes.length >= GZIP_FROM_BYTES && /\bgzip\b/.test(String(request.headers['accept-encoding']))) {
    bytes = await compress(bytes, { level: 1 })
    response.setHeader('Content-Encoding', 'gzip')
  }
  response.setHeader('Content-Length', bytes.length)
  response.writeHead(status)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

export function sendStream(request: IncomingMessage, response: ServerResponse, { contentType, open }: StreamAnswer): void {
  setHeaders(response, contentType)
  response.writeHead(200)
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  response.flushHeaders()
  open(new ResponseListener(response))
}

class ResponseListener implements Listener {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get isBehind(): boolean {
    return this.#response.writableLength > 0
  }

  send(text: string): void {
    if (!this.#response.destroyed) this.#response.write(text)
  }

  onClose(closed: () => void): void {
    if (this.#response.destroyed) closed()
    else this.#response.once('close', closed)
  }

  drop(): void {
    this.#response.destroy()
  }
}

function setHeaders(response: ServerResponse, contentType: string): void {
  response.setHeader('Content-Type', contentType)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Content-Type-Options', 'nosniff')
}
