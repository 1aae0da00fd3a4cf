import { setTimeout as wait } from 'node:timers/promises'
import { appClient, defaultClientSettings, type Logger } from 'isthmus'
import type { KafkaCluster } from '../../test/kafka-tool/index.ts'

/** As the protocol numbers it, and kafkajs' CompressionTypes: one of those that kafkajs lacks without `registerCodecs`, which `appClient` calls. */
const LZ4 = 3
const PAUSE_MS = 100
const AT_ONCE = 20

/** Writes numbered orders to one cluster until it is stopped, or the cluster is gone. */
export class OrdersProducer {
  /** What the cluster has acknowledged. */
  readonly written: string[] = []
  readonly #cluster: KafkaCluster
  readonly #logger: Logger
  #isStopped = false

  constructor(cluster: KafkaCluster, logger: Logger) {
    this.#cluster = cluster
    this.#logger = logger
  }

  /** Resolves when it has ended. */
  async run(): Promise<void> {
    const { name, bootstrapServers } = this.#cluster
    const settings = { ...defaultClientSettings, bootstrapServers: [bootstrapServers], clientId: `orders-${name}` }
    const producer = appClient(settings, this.#logger).producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    try {
      while (!this.#isStopped) {
        const values = Array.from({ length: AT_ONCE }, (_, i) => `${name} ${this.written.length + i}`)
        await producer.send({ topic: 'orders', compression: LZ4, messages: values.map(value => ({ key: value, value })) })
        this.written.push(...values)
        await wait(PAUSE_MS)
      }
    } catch (error) {
      console.log(`  no orders to ${name} after ${this.written.length}: ${(error as Error).message}`)
    } finally {
      await producer.disconnect()
    }
  }

  stop(): void {
    this.#isStopped = true
  }
}
