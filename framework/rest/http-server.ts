import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError, type Logger } from '../api/index.ts'
import type { ListenAddress } from '../config/listen-address.ts'
import { checkOrigin } from './check-origin.ts'
import { findRoute } from './find-route.ts'
import { readBody } from './read-body.ts'
import { Refusal } from './refusal.ts'
import { type Answer, type Route, type StreamAnswer, textAnswer } from './route.ts'
import { sendAnswer, sendStream } from './send-answer.ts'

export interface HttpServer {
  /** `http://127.0.0.1:8083` */
  readonly url: string
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly address: ListenAddress
  /** As it was written, and where, for messages. */
  readonly key: string
  readonly routes: readonly Route[]
  readonly logger: Logger
}

/** @throws ConfigError where the address cannot be listened on */
export async function startHttpServer({ address, key, routes, logger }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 10_000, keepAliveTimeout: 65_000 }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      logger.error({ error, path: request.url }, `${request.url} could not be answered`)
      response.destroy()
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

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await answerTo(request)
    if ('open' in answer) sendStream(request, response, answer)
    else await sendAnswer(request, response, answer)
  }

  async function answerTo(request: IncomingMessage): Promise<Answer | StreamAnswer> {
    try {
      return await handled(request)
    } catch (error) {
      if (error instanceof Refusal) return error.answer
      logger.error({ error, path: request.url }, `${request.url} could not be answered`)
      return textAnswer(500, 'This could not be answered; the log says why')
    }
  }

  async function handled(request: IncomingMessage): Promise<Answer | StreamAnswer> {
    checkOrigin(request, address.host)
    const { path, query } = parseUrl(request.url ?? '/')
    const { route, rest } = findRoute(routes, request.method ?? 'GET', path)
    const body = route.method === 'GET' ? undefined : await readBody(request)
    return route.handle({ path, rest, query, body })
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

function parseUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  try {
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    return { path: decodeURIComponent(pathname), query: searchParams }
  } catch {
    throw new Refusal(400, `${url} is no path`)
  }
}
