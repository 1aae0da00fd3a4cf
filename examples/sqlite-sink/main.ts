import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'
import { OrdersTable } from './orders-table.ts'

const FILES = ['examples/sqlite-sink/worker.properties', 'examples/sqlite-sink/orders.properties']
const TOPIC = 'orders'
const PARTITIONS = 3
const ORDERS_AT_ONCE = 100
const PAUSE_MS = 20
const KILLS = 3

const HELP = helpOf(
  'sqlite-sink',
  'a sink that has each record exactly once',
  `A worker writes the orders of a topic to a SQLite database and is killed (SIGKILL) ${KILLS} times while it does.
At the end each order is a row of the table, once.`,
  1,
)

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, sqliteSink)

async function sqliteSink(stage: Stage): Promise<number> {
  say('Starting Kafka; a shop writes orders all the time')
  const [kafka, bridge] = await Promise.all([stage.startCluster('kafka'), stage.startBridge()])
  await bridge.createTopic(kafka, TOPIC, { partitions: PARTITIONS })
  const shop = openShop(bridge, kafka)
  stage.watch(shop.ended)
  const folder = stage.makeFolder()
  const env = { KAFKA: kafka.bootstrapServers, FOLDER: folder }
  const orders = new OrdersTable(join(folder, 'orders.db'))

  say('The worker writes them to SQLite, and is killed')
  for (let kill = 1; kill <= KILLS; kill++) {
    const worker = stage.startConnect(FILES, env)
    await orders.awaitMoreThan(orders.count())
    await sleep(Math.random() * 500)
    await worker.kill()
    console.log(`  SIGKILL ${kill}: the table has ${orders.count()} of ${shop.written()} orders`)
  }
  shop.close()
  await shop.ended
  const worker = stage.startConnect(FILES, env)
  await orders.awaitMoreThan(shop.written() - 1)
  await worker.stop()
  const { rows, different } = orders.tally()
  console.log(`\n  ${shop.written()} orders were written, the table has ${rows} rows of ${different} orders`)
  return conclude(
    rows === shop.written() && different === rows,
    'Each order is there exactly once.',
    'Orders are missing, or are there more than once.',
  )
}

/** Orders 0, 1, 2 and so on, until it is closed. */
function openShop(bridge: Bridge, kafka: KafkaCluster): { written(): number; close(): void; readonly ended: Promise<void> } {
  let count = 0
  let isOpen = true
  const serve = async (): Promise<void> => {
    while (isOpen) {
      const numbers = Array.from({ length: ORDERS_AT_ONCE }, (_, i) => count + i)
      const orders = numbers.map(number => ({
        partition: number % PARTITIONS,
        value: JSON.stringify({ number, customer: `customer ${number % 7}` }),
      }))
      await bridge.produce(kafka, TOPIC, orders)
      count += ORDERS_AT_ONCE
      await sleep(PAUSE_MS)
    }
  }
  return {
    written: () => count,
    close: () => {
      isOpen = false
    },
    ended: serve(),
  }
}
