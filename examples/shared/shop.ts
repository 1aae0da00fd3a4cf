import { setTimeout as wait } from 'node:timers/promises'
import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import type { Stage } from './stage.ts'

export const TOPIC = 'orders'
export const PARTITIONS = 3

const PAUSE_MS = 50
const ORDERS_AT_ONCE = 10

/** An application that writes orders, each once, on one cluster at a time. */
export class Shop {
  /** Acknowledged by Kafka: `<name> 0`, `<name> 1` and so on. */
  readonly written: string[] = []
  readonly #stage: Stage
  readonly #bridge: Bridge
  readonly #name: string
  #running: { isStopped: boolean; readonly ended: Promise<void> } | undefined

  constructor(stage: Stage, bridge: Bridge, name: string) {
    this.#stage = stage
    this.#bridge = bridge
    this.#name = name
  }

  /** Writes so many now. */
  async write(cluster: KafkaCluster, count: number): Promise<void> {
    const from = this.written.length
    const orders = Array.from({ length: count }, (_, i) => ({ partition: i % PARTITIONS, value: `${this.#name} ${from + i}` }))
    await this.#bridge.produce(cluster, TOPIC, orders)
    this.written.push(...orders.map(({ value }) => value))
  }

  /** Opens: writes some all the time from now on. */
  open(cluster: KafkaCluster): void {
    const ended = this.#serve(cluster)
    this.#running = { isStopped: false, ended }
    this.#stage.watch(ended)
  }

  /** Resolves when the last order has been acknowledged. */
  async close(): Promise<void> {
    if (this.#running === undefined) return
    this.#running.isStopped = true
    await this.#running.ended
    this.#running = undefined
  }

  async #serve(cluster: KafkaCluster): Promise<void> {
    do {
      await this.write(cluster, ORDERS_AT_ONCE)
      await wait(PAUSE_MS)
    } while (this.#running?.isStopped === false)
  }
}
