import kafkajs, { type Consumer, type Kafka, type LogEntry, type Producer, type SASLOptions } from 'kafkajs'
import type { Logger } from '../../api/task-context.ts'
import { inComponent } from '../../telemetry/index.ts'
import type { ClientSettings } from '../client-settings.ts'
import { registerCodecs } from './codecs.ts'
import { RequestQueue } from './internals.ts'

export type { Producer } from 'kafkajs'

/** How often kafkajs tries a request before it gives up; the delays between are those of the client settings. */
const RETRIES = 5

export interface AppClient {
  /** kafkajs' producer, partitioning as Java's. Connect it before use, disconnect it at the end. */
  producer(options?: NonNullable<Parameters<Kafka['producer']>[0]>): Producer
  /** kafkajs' consumer; it crashes rather than starting anew by itself. */
  consumer(options: NonNullable<Parameters<Kafka['consumer']>[0]>): Consumer
}

/**
 * kafkajs for one cluster, from our settings: every codec registered, its log lines in ours.
 * Each client is one for itself: what kafkajs remembers of committed offsets is not shared between two of them.
 */
export function appClient(settings: ClientSettings, outer: Logger): AppClient {
  const logger = inComponent(outer, 'isthmus.kafka.kafkajs')
  registerCodecs()
  quietTimers()
  const { bootstrapServers, clientId, ssl, sasl, connectionTimeoutMs, requestTimeoutMs } = settings
  const retry = {
    retries: RETRIES,
    initialRetryTime: settings.retryBackoffMs,
    maxRetryTime: Math.max(settings.retryBackoffMs, settings.retryBackoffMaxMs),
  }
  const kafka = new kafkajs.Kafka({
    brokers: [...bootstrapServers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
    connectionTimeout: connectionTimeoutMs,
    authenticationTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => entry => log(logger, entry),
  })
  return {
    producer: options => kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, ...options }),
    consumer: options => kafka.consumer({ retry: { ...retry, restartOnFailure: async () => false }, ...options }),
  }
}

/** What kafkajs calls an error it mostly tries again; whoever runs it is told of what matters, so nothing of this is above `debug`. */
function log(logger: Logger, { namespace, log: { message, timestamp: _, logger: __, ...fields } }: LogEntry): void {
  logger.debug({ kafkajs: namespace, ...fields }, `kafkajs: ${message}`)
}

let areTimersQuiet = false

/** kafkajs arms a timer with a negative delay whenever it has nothing to wait for, of which newer versions of Node warn. */
function quietTimers(): void {
  if (areTimersQuiet) return
  areTimersQuiet = true
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests
  RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleIfNeeded() {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this)
  }
}
