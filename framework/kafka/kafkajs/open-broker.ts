import net from 'node:net'
import tls from 'node:tls'
import { ConnectionError, SecurityError } from '../client-errors.ts'
import type { ClientSettings } from '../client-settings.ts'
import { Broker, ConnectionPool, type KafkajsConnection, type SocketFactoryArguments, silentLogger } from './internals.ts'

const KEEP_ALIVE_MS = 60_000
const SCRATCH_BYTES = 64 * 1024

/** Receives what a socket reads, straight into its own memory. */
export interface ReadSink {
  /** Where the next bytes go; asked for before each read. */
  nextBuffer(): Buffer
  /** That many bytes were put at the start of the last buffer. */
  received(length: number): void
}

export interface OpenSocket {
  readonly socket: net.Socket
  /** What the broker understands, by API key. */
  readonly versions: Readonly<Record<string, { minVersion: number; maxVersion: number }>>
  /** Milliseconds until the broker ends the SASL session; 0 = never. */
  readonly sessionLifetimeMs: number
  /** From now on all bytes go to the sink. */
  attach(sink: ReadSink): void
}

/** Until the handshake is done, reads are handed to kafkajs as the `data` events it expects. */
class SwitchableSink implements ReadSink {
  #sink: ReadSink | null = null
  #switched = false
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  socket: net.Socket | null = null

  attach(sink: ReadSink): void {
    this.#sink = sink
  }

  nextBuffer(): Buffer {
    return this.#sink === null ? this.#scratch : this.#sink.nextBuffer()
  }

  received(length: number): void {
    if (this.#sink === null) this.socket?.emit('data', Buffer.from(this.#scratch.subarray(0, length)))
    else if (this.#switched) this.#sink.received(length)
    else this.#forward(this.#sink, this.#scratch.subarray(0, length))
  }

  /** The first read after the switch still lands in the buffer handed out before it. */
  #forward(sink: ReadSink, bytes: Buffer): void {
    this.#switched = true
    for (let at = 0; at < bytes.length; ) {
      const length = bytes.copy(sink.nextBuffer(), 0, at)
      at += length
      sink.received(length)
    }
  }
}

/**
 * Connects to one broker, asks for its API versions and authenticates, all by kafkajs; then takes the socket away from it, so that
 * the data plane reads and writes without its queues and copies.
 * Rejects with `ConnectionError` (try again) or `SecurityError` (do not).
 */
export const openBroker = async (host: string, port: number, settings: ClientSettings): Promise<OpenSocket> => {
  const reads = new SwitchableSink()
  const socketFactory = ({ host, port, ssl, onConnect }: SocketFactoryArguments): net.Socket => {
    const onread = {
      buffer: () => reads.nextBuffer(),
      callback: (length: number) => {
        reads.received(length)
        return true
      },
    }
    const socket = ssl
      ? tls.connect(
          { host, port, ...(net.isIP(host) ? {} : { servername: host }), ...ssl, onread } as tls.ConnectionOptions,
          onConnect,
        )
      : net.connect({ host, port, onread }, onConnect)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.setNoDelay(true)
    reads.socket = socket
    return socket
  }
  const pool = new ConnectionPool({
    host,
    port,
    logger: silentLogger,
    socketFactory,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    connectionTimeout: settings.connectionTimeoutMs,
    clientId: settings.clientId,
    ssl: settings.ssl ?? null,
    sasl: settings.sasl === undefined ? null : { ...settings.sasl },
  })
  const broker = new Broker({ connectionPool: pool, logger: silentLogger, authenticationTimeout: settings.requestTimeoutMs })
  const connection = pool.pool[0] as KafkajsConnection
  quietTimer(connection)
  try {
    await broker.connect()
  } catch (cause) {
    connection.socket?.destroy()
    connection.requestQueue.destroy()
    throw classify(cause, host, port, settings)
  }
  const socket = connection.socket as net.Socket
  for (const event of ['data', 'end', 'error', 'timeout']) socket.removeAllListeners(event)
  const sessionLifetimeMs = connection.sessionLifetime.toNumber()
  connection.socket = null
  connection.connectionStatus = 'disconnected'
  connection.requestQueue.destroy()
  return { socket, versions: broker.versions ?? {}, sessionLifetimeMs, attach: sink => reads.attach(sink) }
}

/** kafkajs arms a timer with a negative delay whenever it is not throttled, of which newer versions of Node warn. */
const quietTimer = ({ requestQueue }: KafkajsConnection): void => {
  const schedule = requestQueue.scheduleCheckPendingRequests
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.throttledUntil > Date.now()) schedule.call(requestQueue)
  }
}

const classify = (cause: unknown, host: string, port: number, settings: ClientSettings): ConnectionError | SecurityError => {
  const { name = '', message = '', code } = cause as { name?: string; message?: string; code?: string }
  const protocol = `${settings.sasl === undefined ? '' : 'SASL_'}${settings.ssl === undefined ? (settings.sasl === undefined ? 'PLAINTEXT' : 'PLAINTEXT') : 'SSL'}`
  const where = `${host}:${port} (${protocol})`
  if (name.includes('SASL')) {
    return new SecurityError(
      `${where} refused the credentials or the mechanism: ${message}. Check sasl.mechanism and sasl.jaas.config.`,
      cause,
    )
  }
  if (code !== undefined && TLS_FAILURES.test(code)) {
    return new SecurityError(
      `${where}: TLS failed: ${message}. Check security.protocol, the truststore and the host name in the certificate.`,
      cause,
    )
  }
  const hint = code === 'ECONNREFUSED' ? '' : ' If the broker is up, check that security.protocol matches its listener.'
  return new ConnectionError('CONNECT_FAILED', `cannot connect to ${where}: ${message}.${hint}`, cause)
}

/** Codes of node:tls and OpenSSL for certificates and handshakes. */
const TLS_FAILURES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/
