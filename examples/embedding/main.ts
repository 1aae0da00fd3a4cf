import { createLogger, type Logger } from 'isthmus'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'
import { Inbox, type Order } from './inbox.ts'
import { openOrders } from './program.ts'

const ORDERS = 1_000

const HELP = helpOf(
  'embedding',
  "a worker within a program of one's own",
  `A program runs a source connector in its own process. The connector gets the program's own services by injection.
At the end every order that the program was told is safe is in the topic, once.`,
  1,
)

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, embedding)

async function embedding(stage: Stage): Promise<number> {
  say('Starting Kafka')
  const [kafka, bridge] = await Promise.all([stage.startCluster('kafka'), stage.startBridge()])
  await bridge.createTopic(kafka, 'orders', { partitions: 3 })

  say('The program opens a worker, and adds orders to its inbox')
  const inbox = new Inbox()
  const connect = await openOrders(inbox, programLogger(), kafka.bootstrapServers, stage.makeFolder())
  stage.own(() => connect.stop())
  const orders: Order[] = Array.from({ length: ORDERS }, (_, number) => ({ number, customer: `customer ${number % 7}` }))
  await Promise.all(orders.map(order => inbox.add(order)))
  const [connector] = connect.status().connectors
  console.log(`  Kafka has all of them; ${connector?.name} is ${connector?.state}`)
  await connect.stop()

  const records = await bridge.dump(kafka, 'orders')
  const numbers = new Set(records.map(({ value }) => (JSON.parse(`${value}`) as Order).number))
  console.log(`\n  ${records.length} records of ${numbers.size} orders`)
  return conclude(
    records.length === ORDERS && numbers.size === ORDERS,
    'Each order is in the topic once.',
    'Orders are missing, or came more than once.',
  )
}

/** The program's own way to log: what tells that the connector has it. */
function programLogger(): Logger {
  return createLogger({ level: 'info', destination: { write: line => console.log(`  program: ${messageOf(line)}`) } })
}

function messageOf(line: string): string {
  return (JSON.parse(line) as { readonly msg: string }).msg
}
