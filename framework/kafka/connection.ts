import type { Socket } from 'node:net'
import { ConnectionError } from './client-errors.ts'
import type { ClientSettings } from './client-settings.ts'
import { type OpenSocket, openBroker, type ReadSink } from './kafkajs/open-broker.ts'
import { ProtocolReader, ProtocolWriter } from './protocol/codec.ts'
import type { Message } from './protocol/message.ts'

const SIZE_BYTES = 4
const CORRELATION_BYTES = 4
const SCRATCH_BYTES = 64 * 1024
/** Responses up to this size come from node's shared pool. */
const POOLED_BYTES = 4096
/** A response beyond this is a stream gone wrong (or no Kafka broker at all). */
const MAX_RESPONSE_BYTES = 512 * 1024 * 1024
/** A request that should be answered at once and is not for this long is worth a question. */
const QUIET_MS = 3_000
const QUIET_AGAIN_MS = 1_000
/** Use a SASL session for this share of its life, then open another connection. */
const SESSION_SHARE = 0.85

interface Pending {
  readonly correlationId: number
  readonly what: string
  readonly sentAt: number
  /** From here on the broker counts as quiet. */
  readonly dueAt: number
  readonly deadline: number
  readonly flexible: boolean
  readonly resolve: (response: Buffer) => void
  readonly reject: (error: ConnectionError) => void
}

/**
 * One connection to one broker: requests go out in order, responses come back in the same order.
 * Response bytes are read from the socket straight into one buffer a response; request bytes are written by reference.
 */
export class Connection implements ReadSink {
  readonly address: string
  readonly versions: OpenSocket['versions']
  readonly #socket: Socket
  readonly #clientId: Buffer
  readonly #requestTimeoutMs: number
  readonly #pending: Pending[] = []
  #nextCorrelationId = 1
  #timer: NodeJS.Timeout | null = null
  #sessionTimer: NodeJS.Timeout | null = null
  #retired = false
  #closed: ConnectionError | null = null

  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  /** Bytes of an incomplete size field or small frame, at the start of the scratch buffer. */
  #scratchFilled = 0
  #frame: Buffer | null = null
  /** Makes the buffers that responses are read into. */
  allocate: (bytes: number) => Buffer = allocate
  #frameFilled = 0
  /** Called about every second while a request waits for its answer much longer than it should. */
  onQuiet: ((what: string, forMs: number) => void) | null = null

  static async open(host: string, port: number, settings: ClientSettings): Promise<Connection> {
    return new Connection(`${host}:${port}`, await openBroker(host, port, settings), settings)
  }

  private constructor(address: string, open: OpenSocket, settings: ClientSettings) {
    this.address = address
    this.versions = open.versions
    this.#socket = open.socket
    this.#clientId = Buffer.from(settings.clientId, 'utf8')
    this.#requestTimeoutMs = settings.requestTimeoutMs
    open.attach(this)
    open.socket.on('error', cause => this.#fail(`connection to ${address} broke: ${cause.message}`, cause))
    open.socket.on('end', () => this.#fail(`${address} closed the connection`))
    open.socket.on('close', () => this.#fail(`connection to ${address} closed`))
    if (open.socket.destroyed) this.#fail(`${address} closed the connection`)
    if (open.sessionLifetimeMs > 0) {
      this.#sessionTimer = setTimeout(() => this.#retire(), open.sessionLifetimeMs * SESSION_SHARE)
      this.#sessionTimer.unref()
    }
  }

  /** False once broken, closed, or near the end of its SASL session: open another for the next request. */
  get usable(): boolean {
    return this.#closed === null && !this.#retired
  }

  get inFlight(): number {
    return this.#pending.length
  }

  supports(apiKey: number, version: number): boolean {
    const range = this.versions[apiKey]
    return range !== undefined && range.minVersion <= version && version <= range.maxVersion
  }

  /** Sends a declared message. Rejects with `ConnectionError` only: the broker's error codes are in the response. */
  async send<Request, Response>(message: Message<Request, Response>, request: Request, timeoutMs?: number): Promise<Response> {
    if (!this.supports(message.apiKey, message.version)) {
      throw new ConnectionError(
        'CONNECT_FAILED',
        `${this.address} does not support ${message.name} version ${message.version}: Kafka 2.8 or later is needed`,
      )
    }
    const body = new ProtocolWriter()
    message.request.write(body, request)
    const response = await this.sendRaw(message, [body.bytes], timeoutMs)
    return message.response.read(new ProtocolReader(response))
  }

  /**
   * Sends a request whose body is these buffers, in order; they must stay unchanged until the response. Returns the response body.
   * @param waitMs how long the broker has been asked to wait with its answer
   */
  sendRaw(
    message: Pick<Message<unknown, unknown>, 'name' | 'apiKey' | 'version' | 'flexible'>,
    body: readonly Uint8Array[],
    timeoutMs: number = this.#requestTimeoutMs,
    waitMs = 0,
  ): Promise<Buffer> {
    if (this.#closed !== null) return Promise.reject(this.#closed)
    const correlationId = this.#nextCorrelationId++
    if (this.#nextCorrelationId > 0x7fffffff) this.#nextCorrelationId = 1
    let length = 0
    for (const piece of body) length += piece.length
    const header = this.#header(message, correlationId, length)
    return new Promise((resolve, reject) => {
      const sentAt = performance.now()
      this.#pending.push({
        correlationId,
        what: message.name,
        sentAt,
        dueAt: sentAt + waitMs + QUIET_MS,
        deadline: sentAt + timeoutMs,
        flexible: message.flexible,
        resolve,
        reject,
      })
      this.#socket.cork()
      this.#socket.write(header)
      for (const piece of body) this.#socket.write(piece)
      this.#socket.uncork()
      if (this.#timer === null) this.#armTimer(Math.min(timeoutMs, waitMs + QUIET_MS))
    })
  }

  #header(
    message: Pick<Message<unknown, unknown>, 'apiKey' | 'version' | 'flexible'>,
    correlationId: number,
    bodyLength: number,
  ): Buffer {
    const length = 10 + this.#clientId.length + (message.flexible ? 1 : 0)
    const header = Buffer.allocUnsafe(SIZE_BYTES + length)
    header.writeInt32BE(length + bodyLength, 0)
    header.writeInt16BE(message.apiKey, 4)
    header.writeInt16BE(message.version, 6)
    header.writeInt32BE(correlationId, 8)
    header.writeInt16BE(this.#clientId.length, 12)
    header.set(this.#clientId, 14)
    if (message.flexible) header[SIZE_BYTES + length - 1] = 0
    return header
  }

  /** Ends at once; what is under way is rejected. */
  close(why = `connection to ${this.address} closed by us`): void {
    this.#fail(why)
  }

  #retire(): void {
    this.#retired = true
    if (this.#pending.length === 0) this.close()
  }

  #armTimer(delayMs: number): void {
    this.#timer = setTimeout(() => this.#watch(), Math.max(1, delayMs))
    this.#timer.unref()
  }

  #watch(): void {
    this.#timer = null
    const oldest = this.#pending[0]
    if (oldest === undefined) return
    const { what, sentAt, dueAt, deadline } = oldest
    const now = performance.now()
    if (now >= deadline) {
      this.#fail(`${this.address} did not answer ${what} in time`, undefined, 'REQUEST_TIMEOUT')
      return
    }
    this.#armTimer(Math.min(deadline - now, now < dueAt ? dueAt - now : QUIET_AGAIN_MS))
    if (now >= dueAt) this.onQuiet?.(what, now - sentAt)
  }

  #fail(message: string, cause?: unknown, code: 'CONNECTION_CLOSED' | 'REQUEST_TIMEOUT' = 'CONNECTION_CLOSED'): void {
    if (this.#closed !== null) return
    const error = new ConnectionError(code, message, cause)
    this.#closed = error
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#sessionTimer !== null) clearTimeout(this.#sessionTimer)
    this.#socket.destroy()
    for (const pending of this.#pending.splice(0)) pending.reject(error)
  }

  nextBuffer(): Buffer {
    return this.#frame === null ? this.#scratch.subarray(this.#scratchFilled) : this.#frame.subarray(this.#frameFilled)
  }

  received(length: number): void {
    if (this.#closed !== null) return
    if (this.#frame !== null) {
      this.#frameFilled += length
      if (this.#frameFilled === this.#frame.length) {
        const frame = this.#frame
        this.#frame = null
        this.#respond(frame)
      }
      return
    }
    this.#scratchFilled += length
    this.#parseScratch()
  }

  #parseScratch(): void {
    const scratch = this.#scratch
    const end = this.#scratchFilled
    let at = 0
    while (end - at >= SIZE_BYTES) {
      const size = scratch.readInt32BE(at)
      if (size < CORRELATION_BYTES || size > MAX_RESPONSE_BYTES) {
        this.#fail(
          `${this.address} sent a response of ${size} bytes: is this a Kafka listener, and security.protocol the right one?`,
        )
        return
      }
      const have = end - at - SIZE_BYTES
      const frame = this.allocate(size)
      scratch.copy(frame, 0, at + SIZE_BYTES, at + SIZE_BYTES + Math.min(have, size))
      if (have < size) {
        this.#frame = frame
        this.#frameFilled = have
        this.#scratchFilled = 0
        return
      }
      at += SIZE_BYTES + size
      this.#respond(frame)
      if (this.#closed !== null) return
    }
    if (at > 0) scratch.copyWithin(0, at, end)
    this.#scratchFilled = end - at
  }

  #respond(frame: Buffer): void {
    const correlationId = frame.readInt32BE(0)
    const pending = this.#pending.shift()
    if (pending === undefined || pending.correlationId !== correlationId) {
      if (pending !== undefined) this.#pending.unshift(pending)
      this.#fail(`${this.address} answered request ${correlationId}, which nobody waits for`)
      return
    }
    pending.resolve(pending.flexible ? skipHeaderTags(frame) : frame.subarray(CORRELATION_BYTES))
    if (this.#retired && this.#pending.length === 0) this.close()
  }
}

const allocate = (bytes: number): Buffer => (bytes <= POOLED_BYTES ? Buffer.allocUnsafe(bytes) : Buffer.allocUnsafeSlow(bytes))

/** Response header v1 ends in tagged fields; brokers send none, which is one zero byte. */
const skipHeaderTags = (frame: Buffer): Buffer => {
  if (frame[CORRELATION_BYTES] === 0) return frame.subarray(CORRELATION_BYTES + 1)
  const reader = new ProtocolReader(frame, CORRELATION_BYTES)
  reader.skipTags()
  return frame.subarray(reader.at)
}
