import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'

const FILE = 'examples/mirror-transform/mirror.properties'
const TOPIC = 'orders'
const COPY = 'shop.orders'
const ORDERS = 1_000
/** Every so manieth order was made to test the shop. */
const TEST_EVERY = 10

const HELP = helpOf(
  'mirror-transform',
  "a transform of one's own on a mirror flow",
  `Orders are mirrored to a cluster for analysis. On the way a function masks the numbers of cards and drops orders of tests.
At the end no number of a card is on the other cluster, and no order is missing.`,
)

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, mirrorTransform)

interface Order {
  readonly number: number
  readonly customer: string
  readonly card: string
}

async function mirrorTransform(stage: Stage): Promise<number> {
  say('Starting two Kafka clusters, shop and analysis')
  const [shop, analysis, bridge] = await Promise.all([
    stage.startCluster('shop'),
    stage.startCluster('analysis'),
    stage.startBridge(),
  ])
  await bridge.createTopic(shop, TOPIC, { partitions: 3 })
  const orders = Array.from({ length: ORDERS }, (_, number) => orderOf(number))
  await bridge.produce(
    shop,
    TOPIC,
    orders.map(order => ({ partition: order.number % 3, key: order.customer, value: JSON.stringify(order) })),
  )
  console.log(`  on shop:     ${JSON.stringify(orders[1])}`)

  say(`isthmus mirror ${FILE}`)
  const expected = orders.filter(({ customer }) => customer !== 'nobody')
  const mirror = stage.startMirror(FILE, { SHOP: shop.bootstrapServers, ANALYSIS: analysis.bootstrapServers })
  await bridge.awaitRecords(analysis, COPY, expected.length)
  await mirror.stop()

  const copies = await bridge.dump(analysis, COPY)
  const arrived = copies.map(({ value }) => JSON.parse(`${value}`) as Order)
  const masked = arrived.filter(({ card }) => /^\*{12}\d{4}$/.test(card)).length
  const fromShop = copies.filter(({ headers }) =>
    headers.some(([name, value]) => name === 'origin' && `${value}` === 'shop'),
  ).length
  console.log(`\n  on analysis: ${JSON.stringify(arrived.find(({ number }) => number === 1))}`)
  console.log(`  ${ORDERS} orders, ${copies.length} copies, ${masked} of them masked, ${fromShop} with their origin`)
  const isWhole = new Set(arrived.map(({ number }) => number)).size === expected.length && copies.length === expected.length
  return conclude(
    isWhole && masked === copies.length && fromShop === copies.length,
    'Every order but those of tests is there, without the number of its card.',
    'Orders are missing, or have not been masked.',
  )
}

function orderOf(number: number): Order {
  const customer = number % TEST_EVERY === 0 ? 'nobody' : `customer ${number % 7}`
  return { number, customer, card: `4000${String(number).padStart(12, '0')}` }
}
