import type { Bridge, KafkaCluster, Load, TransactionsResult } from '../../test/kafka-tool/index.ts'

const ORDERS = 100_000
const CLICKS_PER_SECOND = 2_000
const CLICKS_SECONDS = 5

/** A topic of the source, and what a correct copy holds. */
export interface WrittenTopic {
  readonly name: string
  readonly what: string
  /** Records a consumer with `read_committed` sees. */
  readonly records: number
}

/** What is there before the mirror starts: compressed JSON, interleaved transactions, and records of every odd shape. */
export async function writeBacklog(bridge: Bridge, source: KafkaCluster): Promise<readonly WrittenTopic[]> {
  await Promise.all([
    bridge.createTopic(source, 'orders', { partitions: 4 }),
    bridge.createTopic(source, 'payments', { partitions: 3 }),
    bridge.createTopic(source, 'audit', { partitions: 2 }),
  ])
  const [orders, payments, audit] = await Promise.all([
    writeOrders(bridge, source),
    writePayments(bridge, source),
    writeAudit(bridge, source),
  ])
  const aborted = `${payments.aborted.toLocaleString('en-US')} records of aborted transactions`
  return [
    { name: 'orders', what: 'JSON, 1 KB each', records: orders },
    { name: 'payments', what: `interleaved transactions; ${aborted}`, records: payments.committed + payments.plain },
    { name: 'audit', what: 'null keys and values, odd headers, sizes to 1 MB', records: audit },
  ]
}

/** Starts to write a topic that is created now, while the mirror runs. */
export async function startClicks(bridge: Bridge, source: KafkaCluster): Promise<Load> {
  await bridge.createTopic(source, 'clicks', { partitions: 2 })
  const options = { partitions: 2, codec: 'snappy', rate: CLICKS_PER_SECOND, seconds: CLICKS_SECONDS, valueBytes: 500 } as const
  return bridge.startLoad(source, 'clicks', options)
}

export async function clicksOf(load: Load): Promise<WrittenTopic> {
  const { sent, failed, error } = await load.done
  if (failed > 0) throw new Error(`${failed} records of clicks could not be written: ${error}`)
  return { name: 'clicks', what: `created and written while the mirror runs, ${CLICKS_PER_SECOND} records/s`, records: sent }
}

async function writeOrders(bridge: Bridge, source: KafkaCluster): Promise<number> {
  const load = await bridge.startLoad(source, 'orders', { partitions: 4, codec: 'lz4', rate: 0, count: ORDERS })
  const { sent, failed, error } = await load.done
  if (failed > 0) throw new Error(`${failed} records of orders could not be written: ${error}`)
  return sent
}

function writePayments(bridge: Bridge, source: KafkaCluster): Promise<TransactionsResult> {
  return bridge.writeTransactions(source, 'payments', { partitions: 3, codec: 'zstd', producers: 4, transactions: 100 })
}

async function writeAudit(bridge: Bridge, source: KafkaCluster): Promise<number> {
  const compressed = await bridge.writeShapes(source, 'audit', { partitions: 2, codec: 'gzip' })
  return compressed + (await bridge.writeShapes(source, 'audit', { partitions: 2, codec: 'none' }))
}
