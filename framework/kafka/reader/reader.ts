import { ConnectError } from '../../api/index.ts'
import { Background, type Backoff, sleep } from '../../flow/index.ts'
import { BrokerError } from '../client-errors.ts'
import type { Cluster } from '../cluster.ts'
import { NO_UUID } from '../protocol/codec.ts'
import { ErrorCode, errorReaction } from '../protocol/error-codes.ts'
import { backoffOf, isRetriable } from '../retry.ts'
import { BrokerFetcher } from './broker-fetcher.ts'
import type { ReaderEvents } from './events.ts'
import type { Fetched } from './fetched.ts'
import { Handover } from './handover.ts'
import { ReadPartition, type StartPosition } from './partition.ts'
import { defaultReaderSettings, type ReaderSettings } from './settings.ts'
import { settlePosition } from './settle-position.ts'

/**
 * Reads topic partitions of one cluster as record batches, without a consumer group: finds their leaders, fetches from all brokers at
 * once, follows leader changes and survives lost brokers, and tells its owner of every record that it could not read.
 */
export class KafkaReader {
  readonly #cluster: Cluster
  readonly #settings: ReaderSettings
  readonly #events: ReaderEvents
  readonly #fetchers = new Map<number, BrokerFetcher>()
  readonly #partitions = new Map<string, ReadPartition>()
  readonly #leaderless = new Set<ReadPartition>()
  readonly #backoff: Backoff
  readonly #closing = new AbortController()
  readonly #background: Background
  readonly #handover = new Handover<Fetched>()
  #finding = false

  /** @param cluster the source; the reader's own, closed with it. */
  constructor(cluster: Cluster, events: ReaderEvents, settings: ReaderSettings = defaultReaderSettings) {
    this.#cluster = cluster
    this.#events = events
    this.#settings = settings
    this.#backoff = backoffOf(cluster)
    this.#background = new Background((error, name) => cluster.logger.error({ err: error }, `${name} failed`))
  }

  get cluster(): Cluster {
    return this.#cluster
  }

  /** Begins to read partitions. Their events come later, never from within this call. */
  add(starts: readonly StartPosition[]): ReadPartition[] {
    return starts.map(start => {
      const partition = new ReadPartition(start)
      this.#partitions.set(partition.name, partition)
      this.#find(partition)
      return partition
    })
  }

  /** Stops reading a partition; what was fetched and not yet taken is still handed out. */
  remove(partition: ReadPartition): void {
    partition.removed = true
    this.#partitions.delete(partition.name)
    this.#leaderless.delete(partition)
    this.#detach(partition)
  }

  pause(partition: ReadPartition): void {
    partition.paused = true
    this.#touch(partition)
  }

  resume(partition: ReadPartition): void {
    partition.paused = false
    this.#touch(partition)
  }

  /**
   * The next response that holds records, or null when `signal` aborts or the reader is closed. Calls are answered in order.
   * Each broker is at most one response ahead of its consumer, and one under way.
   */
  next(signal: AbortSignal): Promise<Fetched | null> {
    return this.#handover.take(signal)
  }

  #touch(partition: ReadPartition): void {
    if (partition.leaderId >= 0) this.#fetchers.get(partition.leaderId)?.touch(partition)
  }

  #detach(partition: ReadPartition): void {
    const { leaderId } = partition
    partition.leaderId = -1
    if (leaderId >= 0) this.#fetchers.get(leaderId)?.touch(partition)
  }

  #attach(partition: ReadPartition, leaderId: number): void {
    let fetcher = this.#fetchers.get(leaderId)
    if (fetcher === undefined) {
      fetcher = new BrokerFetcher(this.#cluster, leaderId, this.#settings, {
        deliver: fetched => this.#handover.put(fetched),
        answered: partition => this.#answered(partition),
        partitionError: (partition, error) => this.#partitionError(partition, error),
        diverged: (partition, epoch, endOffset) => this.#diverged(partition, epoch, endOffset),
        preferred: (partition, nodeId) => {
          this.#detach(partition)
          this.#attach(partition, nodeId)
        },
        quiet: (nodeId, cause) => this.#quiet(nodeId, cause),
        brokerLost: (nodeId, error) => this.#brokerLost(nodeId, error),
      })
      this.#fetchers.set(leaderId, fetcher)
    }
    partition.leaderId = leaderId
    fetcher.touch(partition)
  }

  #answered(partition: ReadPartition): void {
    if (partition.reported) {
      partition.reported = false
      this.#backoff.reset()
      this.#events.flowing(partition)
    }
    this.#events.measured(partition)
  }

  #partitionError(partition: ReadPartition, error: ConnectError): void {
    this.#detach(partition)
    if (error instanceof BrokerError && error.protocolCode === ErrorCode.OFFSET_OUT_OF_RANGE) this.#settle(partition)
    else if (error instanceof BrokerError && errorReaction(error.protocolCode) !== 'final') this.#retry(partition, error)
    else this.#fail(partition, error)
  }

  #fail(partition: ReadPartition, error: ConnectError): void {
    this.remove(partition)
    const hint = error.code === 'TOPIC_AUTHORIZATION_FAILED' ? ' Grant READ on the topic to the source user, then restart.' : ''
    this.#events.failed(
      partition,
      new ConnectError(
        error.code,
        `${partition.name} cannot be read on from offset ${partition.offset}: ${error.message}.${hint}`,
        {
          kind: 'partition',
          stage: 'poll',
          cause: error,
        },
      ),
    )
  }

  #quiet(nodeId: number, cause: ConnectError): void {
    for (const partition of this.#partitions.values()) {
      if (partition.leaderId !== nodeId || partition.paused) continue
      partition.reported = true
      this.#events.retrying(partition, cause)
    }
  }

  #brokerLost(nodeId: number, error: unknown): void {
    const cause =
      error instanceof ConnectError
        ? error
        : new ConnectError('FETCH_FAILED', `fetching from broker ${nodeId} failed: ${(error as Error).message}`, {
            kind: 'retriable',
            stage: 'poll',
            cause: error,
          })
    for (const partition of this.#partitions.values()) {
      if (partition.leaderId !== nodeId) continue
      this.#detach(partition)
      if (isRetriable(cause)) this.#retry(partition, cause)
      else this.#fail(partition, cause)
    }
  }

  #retry(partition: ReadPartition, cause: ConnectError): void {
    if (partition.removed) return
    partition.reported = true
    this.#events.retrying(partition, cause)
    this.#find(partition)
  }

  #diverged(partition: ReadPartition, epoch: number, endOffset: number): void {
    const { leaderId } = partition
    this.#detach(partition)
    this.#truncate(partition, partition.commonEnd(epoch, endOffset), leaderId)
  }

  #truncate(partition: ReadPartition, resumeOffset: number, leaderId: number): void {
    const position = partition.offset
    const answer = this.#events.truncated(partition, { position, resumeOffset })
    this.#goOn(partition, answer, resumeOffset, leaderId)
  }

  #goOn(partition: ReadPartition, answer: 'continue' | 'stop', offset: number, leaderId: number): void {
    if (answer === 'stop') {
      this.remove(partition)
      return
    }
    partition.seek(offset)
    this.#attach(partition, leaderId)
  }

  #settle(partition: ReadPartition): void {
    this.#background.run(`settling the position of ${partition.name}`, async () => {
      const { topic, partition: number } = partition
      const leaderId = this.#cluster.topic(topic)?.partitions[number]?.leaderId ?? -1
      try {
        const verdict = await settlePosition(this.#cluster, partition, leaderId)
        if (partition.removed) return
        if (verdict.kind === 'gap') {
          const answer = this.#events.gap(partition, verdict.gap)
          this.#goOn(partition, answer, verdict.gap.toOffset, leaderId)
        } else if (verdict.kind === 'truncated') this.#truncate(partition, verdict.truncation.resumeOffset, leaderId)
        else this.#attach(partition, leaderId)
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error
        if (error.retriable) this.#retry(partition, error)
        else this.#fail(partition, error)
      }
    })
  }

  #find(partition: ReadPartition): void {
    if (partition.removed) return
    this.#leaderless.add(partition)
    if (this.#finding || this.#closing.signal.aborted) return
    this.#finding = true
    this.#background.run('finding leaders', () => this.#findLeaders())
  }

  /** One loop for all partitions that look for their leader, until each has one. */
  async #findLeaders(): Promise<void> {
    const { signal } = this.#closing
    for (;;) {
      await Promise.resolve()
      if (this.#leaderless.size === 0 || signal.aborted) break
      if ([...this.#leaderless].some(({ reported }) => reported)) await sleep(this.#backoff.next(), signal)
      const partitions = [...this.#leaderless]
      try {
        await this.#cluster.describeTopics([...new Set(partitions.map(({ topic }) => topic))])
      } catch (error) {
        if (signal.aborted) break
        if (!(error instanceof ConnectError)) throw error
        for (const partition of partitions) this.#reportOrFail(partition, error)
        continue
      }
      for (const partition of partitions) this.#place(partition)
    }
    this.#finding = false
  }

  #reportOrFail(partition: ReadPartition, error: ConnectError): void {
    if (error.retriable) {
      partition.reported = true
      this.#events.retrying(partition, error)
    } else {
      this.#leaderless.delete(partition)
      this.#fail(partition, error)
    }
  }

  #place(partition: ReadPartition): void {
    if (partition.removed) return
    const topic = this.#cluster.topic(partition.topic)
    const found = topic?.partitions[partition.partition]
    if (topic === undefined || found === undefined || found.leaderId < 0) {
      const what = topic === undefined || found === undefined ? 'does not exist' : 'has no leader'
      const code = found === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'LEADER_NOT_AVAILABLE'
      this.#reportOrFail(
        partition,
        new ConnectError(code, `${partition.name} ${what} on the source`, { kind: 'retriable', stage: 'poll' }),
      )
      return
    }
    this.#leaderless.delete(partition)
    partition.leaderEpoch = found.leaderEpoch
    const topicId = topic.topicId === NO_UUID ? null : topic.topicId
    const before = partition.topicId
    partition.topicId = topicId ?? before
    if (topicId !== null && before !== null && topicId !== before) {
      const unread = Math.max(0, partition.highWatermark - partition.offset)
      partition.forgetLog()
      const recreation = { oldTopicId: before, newTopicId: topicId, position: partition.offset, unread }
      const answer = this.#events.recreated(partition, recreation)
      this.#goOn(partition, answer, 0, found.leaderId)
      return
    }
    this.#attach(partition, found.leaderId)
  }

  /** Stops at once; calls of `next` resolve to null. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#handover.close()
    for (const fetcher of this.#fetchers.values()) fetcher.close()
    await this.#cluster.close()
    await Promise.all([...this.#fetchers.values()].map(({ done }) => done))
    await this.#background.settled().catch(error => this.#cluster.logger.debug({ err: error }, 'ended with the reader'))
  }
}
