import { ConnectError } from '../../api/index.ts'
import { BrokerError } from '../client-errors.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import {
  decodeFetch,
  encodeFetch,
  FETCH_BY_ID,
  FETCH_BY_NAME,
  type FetchedPartition,
  type FetchResponse,
} from '../protocol/fetch.ts'
import { brokerSilent } from '../quiet-brokers.ts'
import { BufferPool, SharedMemory } from './buffer-pool.ts'
import { FetchSession } from './fetch-session.ts'
import type { Fetched, FetchedRun } from './fetched.ts'
import type { ReadPartition } from './partition.ts'
import type { ReaderSettings } from './settings.ts'
import { takeRun } from './take.ts'

export interface FetcherEvents {
  /** Hands over what one response brought; resolves when there is room for the next. */
  deliver(fetched: Fetched): Promise<void>
  /** The response says something about this partition other than data. */
  partitionError(partition: ReadPartition, error: ConnectError): void
  diverged(partition: ReadPartition, epoch: number, endOffset: number): void
  /** Another replica is nearer: read from it. */
  preferred(partition: ReadPartition, nodeId: number): void
  /** Data or not: the partition was answered without an error. After the broker was quiet, also those that have no news. */
  answered(partition: ReadPartition): void
  /** The broker does not answer. */
  quiet(nodeId: number, cause: ConnectError): void
  /** The connection is lost. */
  brokerLost(nodeId: number, error: unknown): void
}

const SESSION_ERRORS: ReadonlySet<number> = new Set([
  ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
  ErrorCode.INVALID_FETCH_SESSION_EPOCH,
  ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
])

/** Reads from one broker what it leads: one fetch session, one long poll at a time, one response ahead of the consumer. */
export class BrokerFetcher {
  readonly nodeId: number
  readonly #cluster: Cluster
  readonly #events: FetcherEvents
  readonly #session: FetchSession
  readonly #pool = new BufferPool()
  #connection: Connection | null = null
  #wake: (() => void) | null = null
  #closed = false
  /** It was said of all partitions that the broker does not answer. */
  #isQuiet = false
  /** Resolves when the loop has ended. */
  readonly done: Promise<void>

  constructor(cluster: Cluster, nodeId: number, settings: ReaderSettings, events: FetcherEvents) {
    this.#cluster = cluster
    this.nodeId = nodeId
    this.#events = events
    this.#session = new FetchSession(settings)
    this.done = this.#run()
  }

  /** The partition came, went, moved, paused or resumed; seen at the latest after the present long poll. */
  touch(partition: ReadPartition): void {
    this.#session.touch(partition)
    this.#wake?.()
    this.#wake = null
  }

  close(): void {
    this.#closed = true
    this.#connection?.close()
    this.#wake?.()
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      try {
        const connection = await this.#connect()
        const fetched = await this.#fetch(connection)
        if (fetched !== null && !this.#closed) await this.#events.deliver(fetched)
      } catch (error) {
        this.#connection?.close()
        this.#connection = null
        if (this.#closed) return
        this.#session.reset()
        this.#events.brokerLost(this.nodeId, error)
        await this.#idle()
      }
    }
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.usable) return this.#connection
    const connection = await this.#cluster.privateConnection(this.nodeId)
    if (this.#closed) connection.close()
    connection.allocate = bytes => this.#pool.take(bytes)
    connection.onQuiet = (what, forMs) => this.#onQuiet(connection, what, forMs)
    this.#session.reset()
    this.#connection = connection
    return connection
  }

  #onQuiet(connection: Connection, what: string, forMs: number): void {
    this.#isQuiet = true
    this.#events.quiet(this.nodeId, brokerSilent(this.nodeId, connection, what, forMs, 'poll'))
    this.#cluster.askAbout(this.nodeId, connection)
  }

  #idle(): Promise<void> {
    return this.#closed ? Promise.resolve() : new Promise(resolve => (this.#wake = resolve))
  }

  async #fetch(connection: Connection): Promise<Fetched | null> {
    const byId = connection.supports(FETCH_BY_ID.apiKey, FETCH_BY_ID.version)
    const request = this.#session.next(byId, partition => partition.leaderId === this.nodeId && !partition.paused)
    if (request === null) {
      await this.#idle()
      return null
    }
    const timeoutMs = request.maxWaitMs + this.#cluster.settings.requestTimeoutMs
    const requestedAt = performance.now()
    const body = await connection.sendRaw(
      byId ? FETCH_BY_ID : FETCH_BY_NAME,
      [encodeFetch(request)],
      timeoutMs,
      request.maxWaitMs,
    )
    const receivedAt = performance.now()
    const response = decodeFetch(body, byId)
    if (SESSION_ERRORS.has(response.errorCode)) {
      this.#session.reset()
      return null
    }
    if (response.errorCode !== ErrorCode.NONE)
      throw new BrokerError(response.errorCode, `fetching from ${connection.address}`, 'poll')
    this.#session.accepted(response.sessionId)
    const fetched = this.#take(response, body, { requestedAt, receivedAt })
    if (this.#isQuiet) this.#heard()
    return fetched
  }

  /** A response of a session names only partitions with news, and of an idle one there may never be any. */
  #heard(): void {
    this.#isQuiet = false
    for (const partition of this.#session.unmoved()) {
      if (partition.leaderId === this.nodeId) this.#events.answered(partition)
    }
  }

  #take(response: FetchResponse, body: Buffer, times: Pick<Fetched, 'requestedAt' | 'receivedAt'>): Fetched | null {
    const runs: FetchedRun[] = []
    for (const fetched of response.partitions) {
      const partition = this.#session.partitionOf(fetched)
      if (partition === undefined || partition.leaderId !== this.nodeId) continue
      const run = this.#takePartition(partition, fetched)
      if (run !== null) {
        runs.push(run)
        this.#session.touch(partition)
      }
    }
    let views = 0
    for (const { batches } of runs) views += batches.length
    const memory = new SharedMemory(views, () => this.#pool.give(body))
    return runs.length === 0 ? null : { runs, ...times, memory }
  }

  #takePartition(partition: ReadPartition, fetched: FetchedPartition): FetchedRun | null {
    if (fetched.errorCode !== ErrorCode.NONE) {
      this.#events.partitionError(partition, new BrokerError(fetched.errorCode, `reading ${partition.name}`, 'poll'))
      return null
    }
    if (fetched.diverging !== null) {
      this.#events.diverged(partition, fetched.diverging.epoch, fetched.diverging.endOffset)
      return null
    }
    if (fetched.preferredReadReplica >= 0 && fetched.preferredReadReplica !== this.nodeId) {
      this.#events.preferred(partition, fetched.preferredReadReplica)
      return null
    }
    partition.highWatermark = fetched.highWatermark
    partition.lastStableOffset = fetched.lastStableOffset
    partition.logStartOffset = fetched.logStartOffset
    try {
      return takeRun(partition, fetched)
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      this.#events.partitionError(partition, error)
      return null
    } finally {
      this.#events.answered(partition)
    }
  }
}
