import {
  ConnectError,
  eachBatch,
  parseConfig,
  type SinkBatch,
  type SinkPartition,
  SinkTask,
  type SinkTaskContext,
  type SinkValue,
} from 'isthmus'
import { definition } from './keys.ts'
import { type Order, OrdersDatabase } from './orders-database.ts'

/**
 * Exactly once, whatever dies when: the place of each partition is kept beside the rows, not in Kafka, and a partition that is assigned goes on
 * at that place.
 */
export class OrdersTask extends SinkTask {
  #database: OrdersDatabase | undefined
  #context: SinkTaskContext | undefined
  /** By partition, as this task has owned it last. */
  readonly #epochs = new Map<string, number>()

  async start(context: SinkTaskContext): Promise<void> {
    this.#database = new OrdersDatabase(parseConfig(definition, context.config).database)
    this.#context = context
  }

  override async open(partitions: readonly SinkPartition[]): Promise<void> {
    for (const partition of partitions) {
      const { epoch, offset } = this.#started.own(partition)
      this.#epochs.set(nameOf(partition), epoch)
      this.#context?.seek(partition, offset)
    }
  }

  deliver = eachBatch(batch => this.#write(batch))

  override async stop(): Promise<void> {
    this.#database?.close()
  }

  async #write(batch: SinkBatch): Promise<void> {
    const orders: Order[] = []
    for (const record of await batch.values()) {
      const order = orderOf(record)
      if (order !== undefined) orders.push(order)
      else if (batch.errantRecords === null) throw noOrder(record)
      else await batch.errantRecords.report(record, noOrder(record))
    }
    this.#started.write(batch, this.#epochs.get(nameOf(batch)) ?? -1, orders, batch.lastOffset + 1)
  }

  get #started(): OrdersDatabase {
    if (this.#database === undefined) throw new Error('The task was not started')
    return this.#database
  }
}

const nameOf = ({ topic, partition }: SinkPartition): string => `${topic}-${partition}`

function orderOf({ value, original: { offset } }: SinkValue): Order | undefined {
  if (typeof value !== 'object' || value === null || !('number' in value) || !('customer' in value)) return undefined
  const { number, customer } = value
  return typeof number === 'number' && typeof customer === 'string' ? { offset, number, customer } : undefined
}

function noOrder({ original }: SinkValue): ConnectError {
  const message = `record ${original.offset} of ${original.topic}-${original.partition} is no order: it needs a number and a customer`
  return new ConnectError('NO_ORDER', message, { kind: 'partition', stage: 'deliver' })
}
