import { setTimeout as wait } from 'node:timers/promises'
import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import type { Stage } from './stage.ts'

export const TOPIC = 'orders'
export const PARTITIONS = 3

const PAUSE_MS = 150
const ORDERS_AT_ONCE = 30

/** An application that writes orders, each once, on one cluster at a time. */
export class Shop {
  /** Acknowledged by Kafka: `<name> 0`, `<name> 1` and so on. */
  readonly written: string[] = []
  readonly #stage: Stage
  readonly #bridge: Bridge
  readonly #name: string
  #running: { close(): void; readonly ended: Promise<void> } | undefined

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
    const { promise: closed, resolve: close } = Promise.withResolvers<'closed'>()
    const ended = this.#serve(cluster, closed)
    this.#running = { close: () => close('closed'), ended }
    this.#stage.watch(ended)
  }

  /** Resolves when the last order has been acknowledged. */
  async close(): Promise<void> {
    if (this.#running === undefined) return
    this.#running.close()
    await this.#running.ended
    this.#running = undefined
  }

  async #serve(cluster: KafkaCluster, closed: Promise<'closed'>): Promise<void> {
    do await this.write(cluster, ORDERS_AT_ONCE)
    while ((await Promise.race([closed, wait(PAUSE_MS, 'open' as const)])) === 'open')
  }
}
