import { ConnectError } from '../../api/index.ts'
import type { ClientSettings } from '../client-settings.ts'
import { type Cluster, check } from '../cluster.ts'
import { Connection } from '../connection.ts'
import { findCoordinator } from '../protocol/groups.ts'

/** JoinGroup and SyncGroup are answered late and hold up their connection meanwhile, as commits may, so heartbeats have one of their own. */
export type CoordinatorPurpose = 'join' | 'heartbeat' | 'offsets'

const GROUP_KEY = 0

/** A group's coordinator, looked up and connected to when needed. */
export class Coordinator {
  readonly #cluster: Cluster
  readonly #groupId: string
  readonly #settings: ClientSettings
  readonly #connections = new Map<CoordinatorPurpose, Promise<Connection>>()
  #address: Promise<{ readonly host: string; readonly port: number }> | null = null
  #closed = false

  /** @param patienceMs for a connection to be made, and for an answer that comes at once */
  constructor(cluster: Cluster, groupId: string, patienceMs: number) {
    this.#cluster = cluster
    this.#groupId = groupId
    const { connectionTimeoutMs, requestTimeoutMs } = cluster.settings
    this.#settings = {
      ...cluster.settings,
      connectionTimeoutMs: Math.min(connectionTimeoutMs, patienceMs),
      requestTimeoutMs: Math.min(requestTimeoutMs, patienceMs),
    }
  }

  /** Rejects with a retriable `ConnectError` while there is no coordinator or it cannot be reached. */
  async connection(purpose: CoordinatorPurpose): Promise<Connection> {
    if (this.#closed) throw new ConnectError('CLIENT_CLOSED', 'this group member is closed', { kind: 'fatal', stage: 'stop' })
    const known = this.#connections.get(purpose)
    if (known !== undefined) {
      const connection = await known
      if (connection.usable) return connection
      if (this.#connections.get(purpose) === known) this.#connections.delete(purpose)
      return this.connection(purpose)
    }
    const opening = this.#open()
    this.#connections.set(purpose, opening)
    try {
      const connection = await opening
      if (this.#closed) connection.close()
      return connection
    } catch (error) {
      if (this.#connections.get(purpose) === opening) this.#connections.delete(purpose)
      this.#address = null
      throw error
    }
  }

  /** The coordinator has moved or does not answer: look for it anew. */
  forget(): void {
    this.#address = null
    for (const opening of this.#connections.values()) close(opening)
    this.#connections.clear()
  }

  close(): void {
    this.#closed = true
    this.forget()
  }

  async #open(): Promise<Connection> {
    this.#address ??= this.#find()
    const { host, port } = await this.#address
    return Connection.open(host, port, this.#settings)
  }

  async #find(): Promise<{ readonly host: string; readonly port: number }> {
    const found = await this.#cluster.request(findCoordinator, { key: this.#groupId, keyType: GROUP_KEY })
    check(found.errorCode, `looking for the coordinator of group ${this.#groupId}`, 'group-membership', found.errorMessage)
    return found
  }
}

const close = (opening: Promise<Connection>): void => {
  opening.then(
    connection => connection.close(),
    () => undefined,
  )
}
