import { ConnectError, type Logger, type SourceRecord } from '../api/index.ts'
import { brokerSetting } from '../kafka/admin/broker-config.ts'
import { createNewTopics } from '../kafka/admin/topics.ts'
import { type Cluster, check } from '../kafka/cluster.ts'
import { NO_UUID } from '../kafka/protocol/codec.ts'
import { ErrorCode } from '../kafka/protocol/error-codes.ts'
import { metadata } from '../kafka/protocol/metadata.ts'
import { retrying } from '../kafka/retry.ts'
import { messageOf } from './errors.ts'
import type { TopicCreation } from './topic-creation.ts'

/** How long a topic that has been created may take to be known to the broker that is asked. */
const APPEARANCE_MS = 15_000

export interface TargetTopicsOptions {
  readonly cluster: Cluster
  /** Absent = what is missing is left to the brokers, which may create topics by themselves. */
  readonly creation?: TopicCreation
  /** Why there is no `creation`, and how to have it: the end of a sentence. */
  readonly remedy: string
  readonly logger: Logger
}

/** The topics that a connector writes to: found when they are first written to, created where that is asked for, watched for new partitions. */
export class TargetTopics {
  readonly #options: TargetTopicsOptions
  readonly #known = new Set<string>()
  #refreshedMs = performance.now()
  #refreshing: Promise<void> | undefined

  constructor(options: TargetTopicsOptions) {
    this.#options = options
  }

  /** Topics of these records that are not known. */
  unknownOf(records: readonly SourceRecord[]): readonly string[] {
    const { cluster } = this.#options
    const unknown = new Set<string>()
    let last: string | undefined
    for (let i = 0; i < records.length; i++) {
      const { topic } = records[i]!
      if (topic === last) continue
      last = topic
      if (cluster.topic(topic) === undefined) unknown.add(topic)
    }
    return unknown.size === 0 ? NONE : [...unknown]
  }

  /**
   * Asks about topics, and has those created that do not exist. Goes on trying while the cluster cannot be asked.
   * Rejects with ConnectError: TOPIC_MISSING, or the broker's refusal; a retriable one once the signal aborts
   */
  async find(names: readonly string[], signal: AbortSignal): Promise<void> {
    const { cluster, creation } = this.#options
    const ask = () => cluster.describeTopics(names)
    const found = await retrying(cluster, `looking up topics ${names.join(', ')}`, ask, { signal })
    for (const name of names) {
      if (found.has(name)) continue
      if (creation === undefined) await this.#leaveToBroker(name, signal)
      else await this.#create(creation(name), signal)
    }
    for (const name of names) this.#known.add(name)
  }

  /** Asks about all topics again, in the background, when the answer is older than `metadata.max.age.ms`. */
  refreshIfOld(): void {
    if (performance.now() - this.#refreshedMs > this.#options.cluster.settings.metadataMaxAgeMs) void this.refresh()
  }

  /** Never rejects: what is known stays. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh()
    return this.#refreshing
  }

  /** Resolves once nothing is asked any more; after the cluster is closed. */
  async closed(): Promise<void> {
    await this.#refreshing
  }

  async #refresh(): Promise<void> {
    const { cluster, logger } = this.#options
    this.#refreshedMs = performance.now()
    try {
      await cluster.describeTopics([...this.#known])
    } catch (error) {
      logger.warn({ error }, `The topics written to could not be looked up again: ${messageOf(error)}`)
    } finally {
      this.#refreshing = undefined
    }
  }

  async #create(topic: ReturnType<TopicCreation>, signal: AbortSignal): Promise<void> {
    const { cluster, logger } = this.#options
    const { name, partitions, replicationFactor, group } = topic
    const what = `creating topic ${name} (topic.creation.${group}: ${partitions} partitions, replication factor ${replicationFactor})`
    const create = async () => {
      const [result] = await createNewTopics(cluster, [topic])
      if (result?.errorCode === ErrorCode.TOPIC_ALREADY_EXISTS) return false
      check(result?.errorCode ?? ErrorCode.NONE, what, 'produce', result?.errorMessage)
      return true
    }
    const isNew = await retrying(cluster, what, create, { signal })
    await this.#appearance(name, signal)
    if (isNew) logger.info({ topic }, `Created topic ${name}, by topic.creation.${group}`)
  }

  /** As Java's producer does it: asking about a topic makes a broker create it that is configured so. */
  async #leaveToBroker(name: string, signal: AbortSignal): Promise<void> {
    const { cluster } = this.#options
    const setting = 'auto.create.topics.enable'
    const allowed = await retrying(cluster, `reading ${setting} of a broker`, () => brokerSetting(cluster, setting), { signal })
    if (allowed === 'false') throw this.#missing(name)
    await retrying(cluster, `asking for topic ${name}`, () => askFor(cluster, name), { signal })
    await this.#appearance(name, signal)
  }

  async #appearance(name: string, signal: AbortSignal): Promise<void> {
    const { cluster } = this.#options
    const look = async () => {
      if (!(await cluster.describeTopics([name])).has(name)) throw this.#missing(name, 'retriable')
    }
    try {
      await retrying(cluster, `waiting for topic ${name}`, look, { signal, timeoutMs: APPEARANCE_MS })
    } catch (error) {
      const isLate = !signal.aborted && error instanceof ConnectError && error.code === 'TOPIC_MISSING'
      throw isLate ? this.#missing(name) : error
    }
  }

  #missing(name: string, kind: 'retriable' | 'fatal' = 'fatal'): ConnectError {
    const { cluster, remedy } = this.#options
    const message = `there is no topic ${name} on ${cluster.settings.bootstrapServers.join(',')}: create it, or ${remedy}`
    return new ConnectError('TOPIC_MISSING', message, { kind, stage: 'produce' })
  }
}

const NONE: readonly string[] = []

const askFor = (cluster: Cluster, name: string): Promise<unknown> =>
  cluster.request(metadata, {
    topics: [{ topicId: NO_UUID, name }],
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  })
