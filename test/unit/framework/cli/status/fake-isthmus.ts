import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { StatusReport } from '../../../../../framework/api/status-report.ts'

/** Something that listens on loopback, and can go away and come back at the same port. */
export class FakeIsthmus {
  /** What `/status` answers. */
  report: StatusReport
  /** Answers instead. */
  listener: RequestListener | undefined
  #server: Server | undefined
  #port = 0

  constructor(report: StatusReport) {
    this.report = report
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async listen(): Promise<this> {
    const server = createServer((request, response) => {
      if (this.listener !== undefined) return this.listener(request, response)
      const isStatus = request.url === '/status' && request.method === 'GET'
      response.writeHead(isStatus ? 200 : 404, { 'content-type': 'application/json; charset=utf-8' })
      response.end(isStatus ? JSON.stringify(this.report) : '')
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
    return this
  }

  async vanish(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  }
}
