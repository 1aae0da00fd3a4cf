import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

/*
 * The parts of kafkajs 2.2.4 that its index does not export, with the types of what we use of them.
 * kafkajs has no `exports` map, so its source files resolve by path.
 */

export interface KafkajsConnection {
  socket: Socket | null
  connectionStatus: string
  /** Milliseconds the broker grants a SASL session, as a Long; 0 = unlimited. */
  readonly sessionLifetime: { toNumber(): number }
  readonly requestQueue: { readonly throttledUntil: number; scheduleCheckPendingRequests(): void; destroy(): void }
  disconnect(): Promise<boolean>
}

export interface KafkajsConnectionPool {
  readonly pool: readonly KafkajsConnection[]
  destroy(): Promise<void>
}

export interface KafkajsBroker {
  versions: Readonly<Record<string, { minVersion: number; maxVersion: number }>> | null
  connect(): Promise<void>
}

export interface SocketFactoryArguments {
  host: string
  port: number
  ssl: object | null
  onConnect: () => void
}

interface KafkajsLogger {
  namespace(name: string): KafkajsLogger
}

const require = createRequire(import.meta.url)

export const ConnectionPool = require('kafkajs/src/network/connectionPool') as new (options: {
  host: string
  port: number
  logger: KafkajsLogger
  socketFactory: (args: SocketFactoryArguments) => Socket
  requestTimeout: number
  enforceRequestTimeout: boolean
  connectionTimeout: number
  clientId: string
  ssl: object | null
  sasl: object | null
}) => KafkajsConnectionPool

export interface KafkajsRequestQueue {
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  scheduleCheckPendingRequests(): void
}

export const RequestQueue = require('kafkajs/src/network/requestQueue') as { readonly prototype: KafkajsRequestQueue }

export const Broker = require('kafkajs/src/broker') as new (options: {
  connectionPool: KafkajsConnectionPool
  logger: KafkajsLogger
  authenticationTimeout: number
}) => KafkajsBroker

const { createLogger, LEVELS } = require('kafkajs/src/loggers') as {
  createLogger(options: { level: number; logCreator: (level: number) => (entry: unknown) => void }): KafkajsLogger
  LEVELS: { NOTHING: number }
}

/** kafkajs says nothing itself: what goes wrong reaches us as rejections. */
export const silentLogger = createLogger({ level: LEVELS.NOTHING, logCreator: () => () => undefined })
