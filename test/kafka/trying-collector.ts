import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Respond = (response: ServerResponse, request: IncomingMessage) => void

/** A collector in this process that does with each request what it is told to. */
export class TryingCollector {
  requests = 0
  /** Connections that are open, and the most that ever were. */
  connections = 0
  maxConnections = 0
  respond: Respond = response => void response.writeHead(200).end()
  readonly #server = createServer((request, response) => {
    this.requests++
    request.resume()
    request.on('end', () => this.respond(response, request))
  })

  /** @param port that of one that was closed; a free one by default */
  async start(port = 0): Promise<this> {
    this.#server.on('connection', socket => {
      this.maxConnections = Math.max(this.maxConnections, ++this.connections)
      socket.on('close', () => this.connections--)
    })
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
