import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A collector in this process that does with each request what it is told to. */
export class TryingCollector {
  requests = 0
  /** Connections that are open. */
  connections = 0
  respond: (response: ServerResponse, request: IncomingMessage) => void = response => void response.writeHead(200).end()
  readonly bytes: number[] = []
  readonly #server = createServer((request, response) => {
    this.requests++
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
    })
    request.on('end', () => {
      this.bytes.push(size)
      this.respond(response, request)
    })
  })

  async start(): Promise<this> {
    this.#server.on('connection', socket => {
      this.connections++
      socket.on('close', () => this.connections--)
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
