import type { Consumer, EachBatchPayload, EachMessagePayload } from 'kafkajs'
import type { Logger } from '../../api/task-context.ts'
import { sleep } from '../../flow/index.ts'
import type { ClientSettings } from '../client-settings.ts'
import { appClient } from './app-client.ts'

export type { Batch, EachBatchPayload, EachMessagePayload, KafkaMessage } from 'kafkajs'

/** What may be chosen of kafkajs' consumer; its own defaults where absent, but 500 for `maxWaitTimeMs`. Times in milliseconds. */
export interface AppConsumerSettings {
  readonly sessionTimeoutMs?: number
  readonly rebalanceTimeoutMs?: number
  readonly heartbeatIntervalMs?: number
  readonly maxWaitTimeMs?: number
  readonly minBytes?: number
  readonly maxBytes?: number
  readonly maxBytesPerPartition?: number
  readonly readUncommitted?: boolean
  readonly partitionsConsumedConcurrently?: number
  /** False: a batch's records count as consumed only as far as `resolveOffset` was called. */
  readonly eachBatchAutoResolve?: boolean
}

/** One of the two, as kafkajs calls them. */
export interface AppConsumerHandlers {
  readonly eachMessage?: (payload: EachMessagePayload) => Promise<void>
  readonly eachBatch?: (payload: EachBatchPayload) => Promise<void>
}

export interface AppConsumerOptions {
  readonly cluster: ClientSettings
  readonly logger: Logger
  readonly group: string
  /** They exist. */
  readonly topics: readonly string[]
  /** Where there is no committed offset. */
  readonly fromBeginning: boolean
  readonly settings: AppConsumerSettings
  readonly handlers: AppConsumerHandlers
  /** Kept up to date: see `AppConsumer.consumed`. What it holds already counts until the group is joined. */
  readonly consumed?: Map<string, number>
  /** It has joined the group, or joined again. */
  readonly onJoined?: () => void
  /** kafkajs has given up, or could not start. Nothing is consumed any more; call `stop` all the same. Not called after it. */
  readonly onCrash: (error: Error) => void
}

export interface StopTimes {
  readonly drainTimeoutMs: number
  readonly leaveTimeoutMs: number
}

/** Answers of a coordinator after which kafkajs joins the group again. */
const REBALANCING: ReadonlySet<string> = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'NOT_COORDINATOR_FOR_GROUP',
  'UNKNOWN_MEMBER_ID',
])

/** Java's; kafkajs' own 5 s hold up whoever stops. */
const MAX_WAIT_MS = 500

/**
 * One run of kafkajs' consumer, from joining its group to leaving it. Unlike kafkajs' own it ends for good when it crashes, knows what was
 * consumed, and once stopped calls no handler any more, whatever kafkajs still has in hand.
 */
export class AppConsumer {
  readonly #options: AppConsumerOptions
  readonly #consumer: Consumer
  readonly #handling = new Set<Promise<void>>()
  /** By topic and partition: the offset after the last record that a handler is done with. */
  readonly #consumed: Map<string, number>
  #hasJoined = false
  #isRebalancing = false
  #isStopped = false

  /** @returns at once; `onCrash` tells when it cannot join */
  static start(options: AppConsumerOptions): AppConsumer {
    const consumer = new AppConsumer(options)
    consumer.#start().catch(error => consumer.#crashed(error as Error))
    return consumer
  }

  private constructor(options: AppConsumerOptions) {
    const { cluster, logger, group, settings } = options
    this.#options = options
    this.#consumed = options.consumed ?? new Map()
    this.#consumer = appClient(cluster, logger).consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      metadataMaxAge: cluster.metadataMaxAgeMs,
      ...(cluster.rack === undefined ? {} : { rackId: cluster.rack }),
      ...present({
        sessionTimeout: settings.sessionTimeoutMs,
        rebalanceTimeout: settings.rebalanceTimeoutMs,
        heartbeatInterval: settings.heartbeatIntervalMs,
        maxWaitTimeInMs: settings.maxWaitTimeMs ?? MAX_WAIT_MS,
        minBytes: settings.minBytes,
        maxBytes: settings.maxBytes,
        maxBytesPerPartition: settings.maxBytesPerPartition,
        readUncommitted: settings.readUncommitted,
      }),
    })
    this.#consumer.on('consumer.crash', ({ payload }) => this.#crashed(payload.error))
    this.#consumer.on('consumer.rebalancing', () => {
      this.#isRebalancing = true
    })
    this.#consumer.on('consumer.group_join', ({ payload }) => this.#assigned(payload.memberAssignment))
  }

  /** Offsets of the next records to handle, as `topic` + '-' + partition, of the partitions it has and has consumed from. */
  get consumed(): ReadonlyMap<string, number> {
    return this.#consumed
  }

  /**
   * Hands out nothing more, waits up to `drainTimeoutMs` for the handlers under way, then up to `leaveTimeoutMs` until what they have done is
   * committed and the group left. `drained` is false when a handler still ran. Where the cluster is gone the commit is lost, and nothing is
   * said of it.
   */
  async stop({ drainTimeoutMs, leaveTimeoutMs }: StopTimes): Promise<{ readonly drained: boolean }> {
    this.#isStopped = true
    const left = this.#consumer.disconnect().catch((error: unknown) => {
      const { group, logger } = this.#options
      logger.debug({ err: error, group }, `Group ${group} finds out by the session timeout that we left`)
    })
    await within(drainTimeoutMs, Promise.all(this.#handling))
    const drained = this.#handling.size === 0
    await within(leaveTimeoutMs, left)
    return { drained }
  }

  async #start(): Promise<void> {
    const { topics, fromBeginning, handlers, settings } = this.#options
    const { partitionsConsumedConcurrently, eachBatchAutoResolve = true } = settings
    await this.#consumer.connect()
    if (this.#isStopped) return
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning })
    const { eachMessage, eachBatch } = handlers
    const handle = eachMessage === undefined ? eachBatch : (payload: EachBatchPayload) => this.#messages(payload, eachMessage)
    await this.#consumer.run({
      eachBatchAutoResolve: false,
      ...present({ partitionsConsumedConcurrently }),
      eachBatch: payload =>
        this.#handle(async () => {
          if (handle !== undefined) await this.#batch(payload, handle, eachMessage === undefined && eachBatchAutoResolve)
        }),
    })
  }

  /** As kafkajs hands out messages, but here it is seen when the group rebalances. */
  async #messages(payload: EachBatchPayload, handle: (payload: EachMessagePayload) => Promise<void>): Promise<void> {
    const { topic, partition, messages } = payload.batch
    let isPaused = false
    const pause = (): (() => void) => {
      const resume = payload.pause()
      isPaused = true
      return resume
    }
    for (const message of messages) {
      if (isPaused || !payload.isRunning() || payload.isStale()) return
      await handle({ topic, partition, message, heartbeat: payload.heartbeat, pause })
      payload.resolveOffset(message.offset)
      await payload.heartbeat()
    }
  }

  /**
   * kafkajs goes on handing out what it has fetched although the group rebalances, and cannot commit it any more: others would get it again.
   * So nothing is taken from the moment at which the coordinator says so until the group has been joined again.
   */
  async #batch(
    payload: EachBatchPayload,
    handle: (payload: EachBatchPayload) => Promise<void>,
    autoResolve: boolean,
  ): Promise<void> {
    const { batch } = payload
    const watched = <T>(work: Promise<T>): Promise<T> =>
      work.catch((error: unknown) => {
        if (REBALANCING.has((error as { readonly type?: string }).type ?? '')) this.#isRebalancing = true
        throw error
      })
    const resolveOffset = (offset: string): void => {
      payload.resolveOffset(offset)
      this.#consumedTo(batch, offset)
    }
    await handle({
      ...payload,
      resolveOffset,
      heartbeat: () => watched(payload.heartbeat()),
      isRunning: () => !this.#isStopped && payload.isRunning(),
    })
    if (autoResolve) resolveOffset(batch.lastOffset())
    await watched(payload.commitOffsetsIfNecessary(payload.uncommittedOffsets()))
    await watched(payload.heartbeat())
  }

  #handle(job: () => Promise<void>): Promise<void> {
    if (this.#isStopped) return Promise.reject(new Error('this consumer is stopped'))
    if (this.#isRebalancing) return Promise.reject(new Error('the group rebalances'))
    const handling = job()
    const settled: Promise<void> = handling
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        this.#handling.delete(settled)
      })
    this.#handling.add(settled)
    return handling
  }

  #consumedTo({ topic, partition }: { readonly topic: string; readonly partition: number }, offset: string): void {
    this.#consumed.set(`${topic}-${partition}`, Number(offset) + 1)
  }

  #assigned(assignment: Readonly<Record<string, readonly number[]>>): void {
    const mine = new Set(Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map(p => `${topic}-${p}`)))
    for (const name of this.#consumed.keys()) if (!this.#hasJoined || !mine.has(name)) this.#consumed.delete(name)
    this.#hasJoined = true
    this.#isRebalancing = false
    this.#options.onJoined?.()
  }

  #crashed(error: Error): void {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#options.onCrash(error)
  }
}

/** Without what is undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** Resolves with the promise, which does not reject, or after that time. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const waiting = new AbortController()
  await Promise.race([promise, sleep(ms, waiting.signal)])
  waiting.abort()
}
