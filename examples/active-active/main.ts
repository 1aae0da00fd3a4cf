import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import { Consumers } from '../shared/consumers.ts'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import { PARTITIONS, Shop, TOPIC } from '../shared/shop.ts'
import type { Stage } from '../shared/stage.ts'
import { isExact, tally, tallyTable } from '../shared/tally.ts'
import { findStrays, recordsOf } from './strays.ts'

const FILE = 'examples/active-active/mm2.properties'
const EARLIER = 300
const ORDERS_PER_SITE = 600

const HELP = helpOf(
  'active-active',
  'two clusters that both take writes',
  `A shop on each site writes orders to the cluster there, a consumer group on each site reads orders and the copy of the other site's.
At the end each group has read every order of both sites once, and no record has gone round in a circle.`,
)

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, activeActive)

interface Site {
  readonly name: string
  readonly other: string
  readonly cluster: KafkaCluster
  readonly shop: Shop
  readonly billing: Consumers
}

async function activeActive(stage: Stage): Promise<number> {
  say('Starting two Kafka clusters, east and west')
  const [eastern, western, bridge] = await Promise.all([
    stage.startCluster('east'),
    stage.startCluster('west'),
    stage.startBridge(),
  ])
  const east = siteOf(stage, bridge, 'east', 'west', eastern)
  const west = siteOf(stage, bridge, 'west', 'east', western)
  const sites = [east, west]
  await Promise.all(sites.map(({ cluster }) => bridge.createTopic(cluster, TOPIC, { partitions: PARTITIONS })))
  await Promise.all(sites.map(({ cluster, shop }) => shop.write(cluster, EARLIER)))

  say(`isthmus mirror ${FILE}`)
  const mirror = stage.startMirror(FILE, { EAST: eastern.bootstrapServers, WEST: western.bootstrapServers })
  await Promise.all(sites.map(site => bridge.awaitRecords(site.cluster, copyOf(site), EARLIER)))

  say('On each site a shop writes and the group billing reads orders of both')
  for (const { cluster, shop, billing } of sites) {
    billing.start(cluster, 'earliest')
    shop.open(cluster)
  }
  await Promise.all(sites.map(({ billing }) => billing.awaitTotal(2 * ORDERS_PER_SITE)))
  await Promise.all(sites.map(({ shop }) => shop.close()))
  const written = sites.flatMap(({ shop }) => shop.written)
  await Promise.all(sites.map(({ billing }) => billing.awaitTotal(written.length)))

  say('The mirror looks for topics twice more: a copy of a copy would be made now')
  await awaitRefreshes(bridge, sites)
  await mirror.stop()
  await Promise.all(sites.map(({ billing }) => billing.stop()))
  return summarize(bridge, sites, written)
}

function siteOf(stage: Stage, bridge: Bridge, name: string, other: string, cluster: KafkaCluster): Site {
  const billing = new Consumers(stage, bridge, 'billing', [TOPIC, `${other}.${TOPIC}`])
  return { name, other, cluster, shop: new Shop(stage, bridge, `${name} order`), billing }
}

function copyOf({ other }: Site): string {
  return `${other}.${TOPIC}`
}

/** A topic that is created now is copied when the mirror looks for topics the next time. */
async function awaitRefreshes(bridge: Bridge, sites: readonly Site[]): Promise<void> {
  for (const topic of ['look-1', 'look-2']) {
    await Promise.all(sites.map(({ cluster }) => bridge.createTopic(cluster, topic)))
    await Promise.all(sites.map(({ cluster }) => bridge.produce(cluster, topic, [{ value: topic }])))
    await Promise.all(sites.map(({ cluster, other }) => bridge.awaitRecords(cluster, `${other}.${topic}`, 1)))
  }
}

async function summarize(bridge: Bridge, sites: readonly Site[], written: readonly string[]): Promise<number> {
  const tallies = sites.map(({ name, billing }) => tally(`billing on ${name}`, written, billing.read))
  console.log(tallyTable(tallies))
  const strays = await Promise.all(
    sites.map(async site => {
      const topics = await bridge.listTopics(site.cluster)
      const [own, copied] = await Promise.all([TOPIC, copyOf(site)].map(topic => recordsOf(bridge, site.cluster, topic)))
      const other = sites.find(({ name }) => name === site.other)
      console.log(`  ${site.name}: ${TOPIC} ${own} records, ${copyOf(site)} ${copied} records`)
      const expected = { [TOPIC]: site.shop.written.length, [copyOf(site)]: other?.shop.written.length ?? 0 }
      return findStrays(topics, ['east', 'west'], { [TOPIC]: own ?? 0, [copyOf(site)]: copied ?? 0 }, expected)
    }),
  )
  const found = strays.flat()
  for (const stray of found) console.log(`  went round: ${stray}`)
  if (found.length === 0) console.log('  nothing went round: no copy of a copy, and no record that nobody wrote there')
  return conclude(
    tallies.every(isExact) && found.length === 0,
    'Each site has seen every order of both sites once.',
    'A promise was not kept: see above.',
  )
}
