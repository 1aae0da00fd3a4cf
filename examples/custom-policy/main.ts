import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'

const FILE = 'examples/custom-policy/mirror.properties'
const RECORDS = 10

const HELP = helpOf(
  'custom-policy',
  "a replication policy of one's own",
  `Topics go both ways between two clusters. The policy of the mirror's file calls the copy of orders from east orders-copied-from-east.
At the end each topic has one copy on the other side, and no copy was copied.`,
)

const EXPECTED = {
  east: ['orders', 'orders-copied-from-west', 'orders-late', 'payments'],
  west: ['orders', 'orders-copied-from-east', 'orders-late-copied-from-east', 'payments-copied-from-east'],
}

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, customPolicy)

async function customPolicy(stage: Stage): Promise<number> {
  say('Starting two Kafka clusters, east and west')
  const [east, west, bridge] = await Promise.all([stage.startCluster('east'), stage.startCluster('west'), stage.startBridge()])
  await Promise.all([write(bridge, east, 'orders'), write(bridge, east, 'payments'), write(bridge, west, 'orders')])

  say(`isthmus mirror ${FILE}`)
  const mirror = stage.startMirror(FILE, { EAST: east.bootstrapServers, WEST: west.bootstrapServers })
  await Promise.all([
    bridge.awaitRecords(west, 'orders-copied-from-east', RECORDS),
    bridge.awaitRecords(west, 'payments-copied-from-east', RECORDS),
    bridge.awaitRecords(east, 'orders-copied-from-west', RECORDS),
  ])
  await write(bridge, east, 'orders-late')
  await bridge.awaitRecords(west, 'orders-late-copied-from-east', RECORDS)
  await mirror.stop()

  say('Topics afterwards')
  const found = { east: await topicsOf(bridge, east), west: await topicsOf(bridge, west) }
  for (const [name, topics] of Object.entries(found)) console.log(`  ${name}: ${topics.join(', ')}`)
  return conclude(
    JSON.stringify(found) === JSON.stringify(EXPECTED),
    'Each topic was copied once, under the name that the policy gives it.',
    `These should have been there: ${JSON.stringify(EXPECTED)}`,
  )
}

async function write(bridge: Bridge, cluster: KafkaCluster, topic: string): Promise<void> {
  await bridge.createTopic(cluster, topic)
  await bridge.produce(
    cluster,
    topic,
    Array.from({ length: RECORDS }, (_, i) => ({ value: `${topic} ${i}` })),
  )
}

/** Those of applications, and their copies. */
async function topicsOf(bridge: Bridge, cluster: KafkaCluster): Promise<string[]> {
  const topics = await bridge.listTopics(cluster)
  return topics.filter(topic => /^(orders|payments)/.test(topic)).sort()
}
