import { ConnectError, type ErrorStage } from '../api/connect-error.ts'
import type { Logger } from '../api/task-context.ts'
import { inComponent } from '../telemetry/index.ts'
import { BrokerError, ConnectionError, SecurityError } from './client-errors.ts'
import type { ClientSettings } from './client-settings.ts'
import { Connection } from './connection.ts'
import { NO_UUID } from './protocol/codec.ts'
import { ErrorCode } from './protocol/error-codes.ts'
import { findCoordinator } from './protocol/groups.ts'
import type { Message } from './protocol/message.ts'
import { type MetadataResponse, metadata } from './protocol/metadata.ts'
import { QuietBrokers } from './quiet-brokers.ts'

/** A broker answers one connection's requests in order, so what may wait long has a connection of its own. */
export type Purpose = 'control' | 'fetch' | 'produce' | 'group'

export interface PartitionMetadata {
  readonly partition: number
  /** -1 = no leader at present. */
  readonly leaderId: number
  readonly leaderEpoch: number
}

export interface TopicMetadata {
  readonly name: string
  /** 32 hexadecimal digits: a topic deleted and created again has another one. */
  readonly topicId: string
  readonly isInternal: boolean
  /** By partition number. */
  readonly partitions: readonly PartitionMetadata[]
}

interface Node {
  readonly host: string
  readonly port: number
}

/**
 * One Kafka cluster as a client sees it: its brokers, a cache of who leads which partition, and connections by broker and purpose.
 * Nothing here retries; `retry.ts` does.
 */
export class Cluster {
  readonly settings: ClientSettings
  readonly logger: Logger
  readonly #nodes = new Map<number, Node>()
  readonly #topics = new Map<string, TopicMetadata>()
  readonly #connections = new Map<string, Promise<Connection>>()
  readonly #quiet: QuietBrokers
  #controllerId = -1
  #clusterId: string | null = null
  #closed = false

  constructor(settings: ClientSettings, logger: Logger) {
    this.settings = settings
    this.logger = inComponent(logger, 'isthmus.kafka')
    this.#quiet = new QuietBrokers(this.logger, nodeId => this.#isListed(nodeId))
  }

  get clusterId(): string | null {
    return this.#clusterId
  }

  /** Of the brokers last seen. */
  get brokerIds(): readonly number[] {
    return [...this.#nodes.keys()]
  }

  /** Number of brokers last seen. */
  get brokerCount(): number {
    return this.#nodes.size
  }

  /** Asks the brokers about these topics (null = all) and remembers the answer. Topics that do not exist are absent from the result. */
  async describeTopics(names: readonly string[] | null, avoiding?: number): Promise<ReadonlyMap<string, TopicMetadata>> {
    const connection = await this.anyConnection(avoiding)
    const response = await connection.send(metadata, {
      topics: names === null ? null : names.map(name => ({ topicId: NO_UUID, name })),
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
    this.#remember(response)
    const found = new Map<string, TopicMetadata>()
    for (const topic of response.topics) {
      if (topic.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) this.#topics.delete(topic.name)
      else if (topic.errorCode !== ErrorCode.NONE && names !== null) {
        throw new BrokerError(topic.errorCode, `metadata of topic ${topic.name}`, 'discovery')
      } else if (topic.errorCode === ErrorCode.NONE) found.set(topic.name, topicMetadata(topic))
    }
    for (const [name, topic] of found) this.#topics.set(name, topic)
    return found
  }

  /** The last known metadata of a topic; undefined until `describeTopics` has seen it. */
  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)
  }

  #remember(response: MetadataResponse): void {
    this.#clusterId = response.clusterId
    this.#controllerId = response.controllerId
    if (response.brokers.length === 0) return
    this.#nodes.clear()
    for (const { nodeId, host, port } of response.brokers) this.#nodes.set(nodeId, { host, port })
  }

  /** A connection to any broker that answers: those known (`avoiding` last), then the bootstrap servers. Rejects with the first failure when none does. */
  async anyConnection(avoiding?: number): Promise<Connection> {
    const failures: unknown[] = []
    const candidates = [
      ...this.#inOrder(avoiding).map(([nodeId, node]) => ({ nodeId, ...node })),
      ...this.settings.bootstrapServers.map(server => ({ nodeId: null, ...splitAddress(server) })),
    ]
    for (const { nodeId, host, port } of candidates) {
      try {
        return await this.#open(nodeId, 'control', host, port)
      } catch (error) {
        if (error instanceof SecurityError || this.#closed) throw error
        failures.push(error)
      }
    }
    const reasons = failures.map(error => (error as Error).message)
    throw new ConnectionError(
      'CONNECT_FAILED',
      `no broker of ${this.settings.bootstrapServers.join(',')} can be reached: ${[...new Set(reasons)].join('; ')}`,
      failures[0],
    )
  }

  /** The connection to a broker for a purpose; opened if need be, shared by all callers. */
  async connection(nodeId: number, purpose: Purpose): Promise<Connection> {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) throw new ConnectionError('CONNECT_FAILED', `broker ${nodeId} is not (or no longer) in the cluster`)
    return this.#open(nodeId, purpose, node.host, node.port)
  }

  /** Opens a connection that is the caller's own, to close when done. */
  async privateConnection(nodeId: number): Promise<Connection> {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) throw new ConnectionError('CONNECT_FAILED', `broker ${nodeId} is not (or no longer) in the cluster`)
    const connection = await Connection.open(node.host, node.port, this.settings)
    connection.onQuiet = () => this.askAbout(nodeId, connection)
    return connection
  }

  async controllerConnection(): Promise<Connection> {
    const first = await this.anyConnection()
    return this.#nodes.has(this.#controllerId) ? this.connection(this.#controllerId, 'control') : first
  }

  /** The connection to a group's coordinator. Rejects with a `BrokerError` while there is none. */
  async coordinatorConnection(groupId: string): Promise<Connection> {
    const any = await this.anyConnection()
    const { errorCode, errorMessage, nodeId, host, port } = await any.send(findCoordinator, { key: groupId, keyType: 0 })
    if (errorCode !== ErrorCode.NONE)
      throw new BrokerError(errorCode, `coordinator of group ${groupId}`, 'group-membership', errorMessage)
    this.#nodes.set(nodeId, { host, port })
    return this.connection(nodeId, 'group')
  }

  /** One request to any broker. */
  async request<Request, Response>(message: Message<Request, Response>, request: Request): Promise<Response> {
    return (await this.anyConnection()).send(message, request)
  }

  /** For a connection that is quiet: closes it once other brokers count this one out. `onQuiet` of connections to brokers does so by itself. */
  askAbout(nodeId: number, connection: Connection): void {
    void this.#quiet.ask(nodeId, connection)
  }

  /** Brokers better not asked come last. */
  #inOrder(avoiding: number | undefined): [number, Node][] {
    const isLast = (nodeId: number): boolean => nodeId === avoiding || this.#quiet.isAvoided(nodeId)
    return [...this.#nodes].sort(([a], [b]) => Number(isLast(a)) - Number(isLast(b)))
  }

  async #isListed(nodeId: number): Promise<boolean> {
    await this.describeTopics([], nodeId)
    return this.#nodes.has(nodeId)
  }

  /** @param nodeId null = a bootstrap server, whose id is not known */
  async #open(nodeId: number | null, purpose: Purpose, host: string, port: number): Promise<Connection> {
    const key = `${nodeId ?? `${host}:${port}`}/${purpose}`
    if (this.#closed) throw new ConnectError('CLIENT_CLOSED', 'this client is closed', { kind: 'fatal', stage: 'stop' })
    const known = this.#connections.get(key)
    if (known !== undefined) {
      const connection = await known
      if (connection.usable && connection.address === `${host}:${port}`) return connection
      if (this.#connections.get(key) === known) this.#connections.delete(key)
      return this.#open(nodeId, purpose, host, port)
    }
    const opening = Connection.open(host, port, this.settings)
    this.#connections.set(key, opening)
    try {
      const connection = await opening
      if (this.#closed) connection.close()
      if (nodeId !== null && purpose !== 'group') connection.onQuiet = () => this.askAbout(nodeId, connection)
      return connection
    } catch (error) {
      if (this.#connections.get(key) === opening) this.#connections.delete(key)
      throw error
    }
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    this.#closed = true
    const opened = await Promise.allSettled(this.#connections.values())
    this.#connections.clear()
    for (const result of opened) if (result.status === 'fulfilled') result.value.close()
  }
}

const topicMetadata = (topic: MetadataResponse['topics'][number]): TopicMetadata => ({
  name: topic.name,
  topicId: topic.topicId,
  isInternal: topic.isInternal,
  partitions: topic.partitions
    .map(({ partition, leaderId, leaderEpoch }) => ({ partition, leaderId, leaderEpoch }))
    .sort((a, b) => a.partition - b.partition),
})

const splitAddress = (server: string): Node => {
  const colon = server.lastIndexOf(':')
  return { host: server.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(server.slice(colon + 1)) }
}

/** Checks one error code of a response; `what` says what was asked of whom. */
export const check = (errorCode: number, what: string, stage: ErrorStage, detail?: string | null): void => {
  if (errorCode !== ErrorCode.NONE) throw new BrokerError(errorCode, what, stage, detail)
}
