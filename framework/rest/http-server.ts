import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ConfigError, type Logger } from '../api/index.ts'
import type { ListenAddress } from '../config/listen-address.ts'

/** Smaller answers are sent as they are. */
const GZIP_FROM_BYTES = 4096

const compress = promisify(gzip)

export interface Answer {
  readonly status?: number
  readonly contentType: string
  readonly body: string | Uint8Array
}

/** What is answered to GET, by path. */
export type Routes = Readonly<Record<string, () => Answer>>

export interface HttpServer {
  /** `http://127.0.0.1:8083` */
  readonly url: string
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly address: ListenAddress
  /** As it was written, and where, for messages. */
  readonly key: string
  readonly routes: Routes
  readonly logger: Logger
}

/** Serves GET and HEAD. @throws ConfigError where the address cannot be listened on */
export async function startHttpServer({ address, key, routes, logger }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 10_000, keepAliveTimeout: 65_000 }, (request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      logger.error({ error, path: request.url }, `${request.url} could not be answered`)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  await listen(server, address, key)
  server.unref()
  const { port } = server.address() as AddressInfo
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return {
    url: `http://${host}:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

function listen(server: Server, { host, port }: ListenAddress, key: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedy = error.code === 'EADDRINUSE' ? 'somebody listens there already; choose another port' : error.message
      reject(new ConfigError([{ key, value: `${host}:${port}`, message: `cannot be listened on: ${remedy}` }]))
    })
    server.listen(port, host, resolve)
  })
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (route === undefined) return send(request, response, notFound(routes))
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return send(request, response, text(405, 'GET and HEAD only'))
  }
  return send(request, response, route())
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status = 200, contentType, body }: Answer,
): Promise<void> {
  let bytes = typeof body === 'string' ? Buffer.from(body) : body
  response.setHeader('Content-Type', contentType)
  response.setHeader('Cache-Control', 'no-store')
  if (bytes.length >= GZIP_FROM_BYTES && /\bgzip\b/.test(String(request.headers['accept-encoding']))) {
    bytes = await compress(bytes, { level: 1 })
    response.setHeader('Content-Encoding', 'gzip')
  }
  response.setHeader('Content-Length', bytes.length)
  response.writeHead(status)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

function notFound(routes: Routes): Answer {
  return text(404, `There are: ${Object.keys(routes).join(', ')}`)
}

function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${body}\n` }
}
