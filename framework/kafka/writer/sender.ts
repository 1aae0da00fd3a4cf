import type { ConnectError } from '../../api/index.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { decodeProduce, encodeProduce, PRODUCE, type ProduceResponse } from '../protocol/produce.ts'
import { brokerSilent } from '../quiet-brokers.ts'
import { type Lane, MAX_IN_FLIGHT, type SendBatch } from './lane.ts'
import type { WriterSettings } from './settings.ts'

export interface SenderEvents {
  /** The broker does not answer what it got of this lane. */
  quiet(lane: Lane, cause: ConnectError): void
  answered(batches: readonly SendBatch[], response: ProduceResponse): void
  /** Nobody knows whether the broker has the batches. */
  lost(batches: readonly SendBatch[], error: unknown): void
}

/**
 * Produce requests to one broker: each carries one batch of every lane that has work, at most five are under way.
 * Lanes that queue up while they are wait for the next request, which makes it fuller: load itself does the batching.
 */
export class Sender {
  readonly #cluster: Cluster
  readonly #nodeId: number
  readonly #settings: WriterSettings
  readonly #events: SenderEvents
  readonly #ready = new Set<Lane>()
  readonly #underWay = new Set<readonly SendBatch[]>()
  #requests = 0
  #scheduled = false

  constructor(cluster: Cluster, nodeId: number, settings: WriterSettings, events: SenderEvents) {
    this.#cluster = cluster
    this.#nodeId = nodeId
    this.#settings = settings
    this.#events = events
  }

  /** The lane may have something to send: what is queued in the same turn goes out together. */
  wake(lane: Lane): void {
    this.#ready.add(lane)
    if (this.#scheduled || this.#requests >= MAX_IN_FLIGHT) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#pump()
    })
  }

  #pump(): void {
    while (this.#requests < MAX_IN_FLIGHT) {
      const batches = this.#collect()
      if (batches.length === 0) return
      this.#requests++
      void this.#send(batches)
    }
  }

  #collect(): SendBatch[] {
    const batches: SendBatch[] = []
    let bytes = 0
    for (const lane of this.#ready) {
      this.#ready.delete(lane)
      if (!lane.canSend || lane.leaderId !== this.#nodeId) continue
      const batch = lane.take()
      batches.push(batch)
      bytes += batch.bytes.length
      if (bytes >= this.#settings.maxRequestBytes) break
    }
    for (const { lane } of batches) if (lane.canSend) this.#ready.add(lane)
    if (batches.length > 1) batches.sort((a, b) => (a.lane.topic < b.lane.topic ? -1 : a.lane.topic > b.lane.topic ? 1 : 0))
    return batches
  }

  async #send(batches: readonly SendBatch[]): Promise<void> {
    this.#underWay.add(batches)
    const outcome = await this.#request(batches)
    this.#underWay.delete(batches)
    this.#requests--
    if ('error' in outcome) this.#events.lost(batches, outcome.error)
    else this.#events.answered(batches, outcome)
    this.#pump()
  }

  async #request(batches: readonly SendBatch[]): Promise<ProduceResponse | { readonly error: unknown }> {
    try {
      const connection = await this.#cluster.connection(this.#nodeId, 'produce')
      connection.onQuiet = (what, forMs) => this.#onQuiet(connection, what, forMs)
      const pieces = encodeProduce(
        batches.map(batch => ({ topic: batch.lane.topic, partition: batch.lane.partition, bytes: batch.bytes })),
        this.#settings.acks,
        this.#settings.timeoutMs,
      )
      const timeoutMs = this.#settings.timeoutMs + this.#cluster.settings.requestTimeoutMs
      return decodeProduce(await connection.sendRaw(PRODUCE, pieces, timeoutMs))
    } catch (error) {
      return { error }
    }
  }

  #onQuiet(connection: Connection, what: string, forMs: number): void {
    const cause = brokerSilent(this.#nodeId, connection, what, forMs, 'produce')
    const lanes = new Set([...this.#underWay].flatMap(batches => batches.map(({ lane }) => lane)))
    for (const lane of lanes) if (lane.inFlight.length > 0) this.#events.quiet(lane, cause)
    this.#cluster.askAbout(this.#nodeId, connection)
  }
}
