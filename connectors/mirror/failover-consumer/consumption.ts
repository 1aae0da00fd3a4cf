import type { Logger } from '../../../framework/api/index.ts'
import { Backoff, type Deferred, deferred, sleep } from '../../../framework/flow/index.ts'
import { AppConsumer, type AppConsumerSettings } from '../../../framework/kafka/kafkajs/index.ts'
import type { ClusterSide } from './cluster-side.ts'
import { type FailoverHandlers, handlersOn } from './handlers.ts'
import type { TopicPair } from './topic-pairs.ts'

/** How often it is looked whether another of the topics exists. */
const TOPICS_MS = 5_000
/** For the last commit to be answered. */
const LEAVE_MS = 10_000
const LEAVE_GONE_MS = 200
const BACKOFF = { initialMs: 200, maxMs: 5_000 }

export interface ConsumptionOptions {
  readonly group: string
  readonly pairs: readonly TopicPair[]
  readonly handlers: FailoverHandlers
  readonly settings: AppConsumerSettings
  readonly fromBeginning: boolean
  readonly drainTimeoutMs: number
  readonly logger: Logger
  /** Begun or ended. */
  readonly onChange: () => void
  /** What keeps it from consuming, to be tried again; null = nothing any more. */
  readonly onTrouble: (cause: string | null) => void
}

/** Consumes the cluster that is wanted, one at a time: the next one only when the handlers are done with the one before. */
export class Consumption {
  readonly #options: ConsumptionOptions
  #wanted: ClusterSide | null = null
  #on: ClusterSide | null = null
  #isClosed = false
  #wake: Deferred<void> = deferred()
  #running: Promise<void> = Promise.resolve()
  #consumed: { readonly alias: string; readonly offsets: Map<string, number> } | null = null
  readonly #backoff = new Backoff(BACKOFF)

  constructor(options: ConsumptionOptions) {
    this.#options = options
  }

  /** Alias of the cluster that handlers may be busy with; null = none. */
  get on(): string | null {
    return this.#on?.alias ?? null
  }

  /** Offsets after the records that were handled there, committed or not; also when it was left because it is gone. */
  consumedOn(alias: string): ReadonlyMap<string, number> {
    return this.#consumed?.alias === alias ? this.#consumed.offsets : new Map()
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Null: nothing. Returns at once; `onChange` tells. */
  want(side: ClusterSide | null): void {
    if (side === this.#wanted || this.#isClosed) return
    this.#wanted = side
    this.#options.onTrouble(null)
    this.#backoff.reset()
    this.#wake.resolve()
  }

  /** Handlers under way end, what they have done is committed, and the group is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wanted = null
    this.#wake.resolve()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const wanted = this.#wanted
      this.#wake = deferred()
      if (wanted === null) await this.#wake.promise
      else await this.#consume(wanted)
    }
  }

  async #consume(side: ClusterSide): Promise<void> {
    const topics = await this.#existingTopics(side)
    if (topics === null) return
    const crashed = deferred<Error>()
    this.#enter(side)
    const consumer = this.#open(side, topics, error => crashed.resolve(error))
    const error = await Promise.race([crashed.promise, this.#untilChanged(side, topics)])
    const { drained } = await consumer.stop({
      drainTimeoutMs: this.#options.drainTimeoutMs,
      leaveTimeoutMs: side.watch.isGone ? LEAVE_GONE_MS : LEAVE_MS,
    })
    if (!drained) {
      const { group, logger, drainTimeoutMs } = this.#options
      logger.error(
        { group },
        `A handler of group ${group} on ${side.alias} still runs after ${drainTimeoutMs} ms: it is left behind`,
      )
    }
    this.#enter(null)
    if (error !== null) await this.#crashed(side, error)
  }

  #open(side: ClusterSide, topics: readonly string[], onCrash: (error: Error) => void): AppConsumer {
    const { group, pairs, handlers, settings, fromBeginning, logger } = this.#options
    if (this.#consumed?.alias !== side.alias) this.#consumed = { alias: side.alias, offsets: new Map() }
    return AppConsumer.start({
      cluster: side.settings,
      logger,
      group,
      topics,
      fromBeginning,
      settings,
      handlers: handlersOn(side.alias, pairs, handlers),
      consumed: this.#consumed.offsets,
      onJoined: () => {
        this.#backoff.reset()
        this.#options.onTrouble(null)
      },
      onCrash,
    })
  }

  /** Resolves with null when another cluster is wanted, or other topics exist. */
  async #untilChanged(side: ClusterSide, topics: readonly string[]): Promise<null> {
    while (this.#wanted === side) {
      const waiting = new AbortController()
      await Promise.race([this.#wake.promise, sleep(TOPICS_MS, waiting.signal)])
      waiting.abort()
      if (this.#wanted !== side) return null
      this.#wake = deferred()
      const existing = await this.#look(side)
      if (existing !== null && existing.length > topics.length) return null
    }
    return null
  }

  /** Null: there are none yet, or another cluster is wanted. */
  async #existingTopics(side: ClusterSide): Promise<readonly string[] | null> {
    const existing = await this.#look(side)
    if (existing !== null && existing.length > 0) return existing
    const names = this.#options.pairs.map(({ names }) => names[side.alias]).join(', ')
    if (existing !== null) this.#options.onTrouble(`none of the topics ${names} exists on ${side.alias}`)
    await this.#pause()
    return null
  }

  /** Null: no broker tells, or something else is wanted meanwhile. */
  #look(side: ClusterSide): Promise<readonly string[] | null> {
    return Promise.race([this.#existing(side), this.#wake.promise.then(() => null)])
  }

  async #existing(side: ClusterSide): Promise<readonly string[] | null> {
    const names = this.#options.pairs.flatMap(({ names }) => names[side.alias] ?? [])
    try {
      return await side.existing(names)
    } catch (error) {
      if (this.#wanted === side) {
        this.#options.onTrouble(`the topics of ${side.alias} cannot be listed: ${(error as Error).message}`)
      }
      return null
    }
  }

  async #crashed(side: ClusterSide, error: Error): Promise<void> {
    const { group, logger } = this.#options
    const cause = `the consumer on ${side.alias} failed and is started again: ${error.message}`
    logger.warn({ err: error, group }, `Group ${group}: ${cause}`)
    this.#options.onTrouble(cause)
    await this.#pause()
  }

  async #pause(): Promise<void> {
    const waiting = new AbortController()
    await Promise.race([this.#wake.promise, sleep(this.#backoff.next(), waiting.signal)])
    waiting.abort()
  }

  #enter(side: ClusterSide | null): void {
    this.#on = side
    this.#options.onChange()
  }
}
