import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { StatusReport } from '../../framework/api/index.ts'
import { pageAnswer } from '../../framework/rest/page-routes.ts'
import { historyOf } from './reports.ts'

/** Serves the page as a process does, and of it what a test says: the page is what is tested. */
export class FakeProcess {
  readonly #streams = new Set<ServerResponse>()
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port = 0
  #report: StatusReport
  #doesStream = true

  private constructor(report: StatusReport) {
    this.#report = report
  }

  static async start(report: StatusReport): Promise<FakeProcess> {
    const started = new FakeProcess(report)
    await started.listen()
    return started
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get report(): StatusReport {
    return this.#report
  }

  /** Readers of the stream. */
  get readers(): number {
    return this.#streams.size
  }

  /** What is true from now on. */
  tell(report: StatusReport): void {
    this.#report = report
    for (const stream of this.#streams) stream.write(eventOf(report))
  }

  /** A second later, with some fields changed. */
  next(fields: Partial<StatusReport> = {}): void {
    this.tell({ ...this.#report, atMs: this.#report.atMs + 1_000, ...fields })
  }

  /** As behind a proxy that keeps streams back. */
  refuseStreams(): void {
    this.#doesStream = false
  }

  /** Again on the same port after `vanish`. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response))
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** As if it had been killed. */
  async vanish(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = new Promise(resolve => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    this.#streams.clear()
    await closed
  }

  #answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    if (url === '/status/stream' && this.#doesStream) this.#stream(response)
    else if (url === '/status') json(response, this.#report)
    else if (url === '/status/history') json(response, historyOf(this.#report))
    else file(response, url)
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write(eventOf(this.#report))
    this.#streams.add(response)
    response.once('close', () => this.#streams.delete(response))
  }
}

function file(response: ServerResponse, path: string): void {
  const answer = pageAnswer(path)
  if (answer === undefined) response.writeHead(404).end()
  else response.writeHead(200, { 'Content-Type': answer.contentType, ...answer.headers }).end(answer.body)
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

const eventOf = (report: StatusReport): string => `event: status\ndata: ${JSON.stringify(report)}\n\n`
