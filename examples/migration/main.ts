import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import { Consumers } from '../shared/consumers.ts'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import { PARTITIONS, Shop, TOPIC } from '../shared/shop.ts'
import type { Stage } from '../shared/stage.ts'
import { isExact, tally, tallyTable } from '../shared/tally.ts'
import { awaitMoved } from './group-positions.ts'

const HELP = helpOf(
  'migration',
  'a live application moves to a new cluster',
  `A shop writes orders all the time, the group billing reads them, the group reports reads some now and then. The mirror brings topic, records
and places of groups to the new cluster; consumers move first, then, with a pause of a moment, the shop; then the old cluster is ended.
Each group has read every order exactly once.`,
)

const FILE = 'examples/migration/mm2.properties'
const FLOW = 'old->new'
const EARLIER = 600
const REPORTED = 150
const ORDERS_AT_EACH_STEP = 200

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, migration)

interface Scene {
  readonly old: KafkaCluster
  readonly next: KafkaCluster
  readonly bridge: Bridge
  readonly shop: Shop
  readonly billing: Consumers
  readonly reports: Consumers
}

async function migration(stage: Stage): Promise<number> {
  const scene = await setUp(stage)
  const { old, next, bridge, shop, billing, reports } = scene
  const env = { OLD: old.bootstrapServers, NEW: next.bootstrapServers }

  say(`isthmus mirror ${FILE}`)
  const mirror = stage.startMirror(FILE, env)
  await bridge.awaitRecords(next, TOPIC, shop.written.length)

  say('Where the groups stand on old, and where that is on new')
  await stage.isthmus(['offsets', FILE, FLOW], env)

  say('Consumers move: billing stops on old, and goes on on new once its place is there. The shop does not notice')
  await billing.stop()
  await awaitMoved(
    groups => stage.isthmus(['offsets', FILE, FLOW, '--json', '--group', ...groups], env, { shown: false }),
    [billing.group, reports.group],
  )
  await stage.isthmus(['offsets', FILE, FLOW], env)
  billing.start(next, 'none')
  await billing.awaitTotal(shop.written.length + ORDERS_AT_EACH_STEP)

  const pauseMs = await moveShop(scene)
  await billing.awaitTotal(shop.written.length + ORDERS_AT_EACH_STEP)

  say('Nothing is left to copy: the mirror and the old cluster end')
  await mirror.stop()
  await old.stop()
  await billing.awaitTotal(shop.written.length + ORDERS_AT_EACH_STEP)
  await shop.close()
  reports.start(next, 'none')
  await Promise.all([billing, reports].map(group => group.awaitTotal(shop.written.length)))
  await Promise.all([billing, reports].map(group => group.stop()))
  return summarize(scene, pauseMs)
}

async function setUp(stage: Stage): Promise<Scene> {
  say('Starting two Kafka clusters, old and new; the application runs on old')
  const [old, next, bridge] = await Promise.all([stage.startCluster('old'), stage.startCluster('new'), stage.startBridge()])
  await bridge.createTopic(old, TOPIC, { partitions: PARTITIONS })
  const shop = new Shop(stage, bridge, 'order')
  const billing = new Consumers(stage, bridge, 'billing', [TOPIC])
  const reports = new Consumers(stage, bridge, 'reports', [TOPIC])
  await shop.write(old, REPORTED)
  await reports.readSome(old, 'earliest', REPORTED)
  await shop.write(old, EARLIER - REPORTED)
  billing.start(old, 'earliest')
  shop.open(old)
  await billing.awaitTotal(EARLIER + ORDERS_AT_EACH_STEP)
  return { old, next, bridge, shop, billing, reports }
}

/** Resolves with how long the shop was closed. */
async function moveShop({ old, next, bridge, shop }: Scene): Promise<number> {
  say(
    'The shop moves: it closes on old, opens on new when its last order has arrived there, so that the order of a partition is kept',
  )
  await shop.close()
  const closedAt = performance.now()
  await bridge.awaitRecords(next, TOPIC, shop.written.length)
  shop.open(next)
  const pauseMs = performance.now() - closedAt
  console.log(`  the shop was closed for ${pauseMs.toFixed(0)} ms; ${old.name} had ${shop.written.length} orders`)
  return pauseMs
}

async function summarize({ next, bridge, shop, billing, reports }: Scene, pauseMs: number): Promise<number> {
  const onNew = (await bridge.dump(next, TOPIC)).map(({ value }) => `${value}`)
  const tallies = [
    tally(billing.group, shop.written, billing.read),
    tally(reports.group, shop.written, reports.read),
    tally('log of new', shop.written, onNew),
  ]
  console.log(tallyTable(tallies))
  return conclude(
    tallies.every(isExact),
    `Each order was read exactly once; the shop was closed for ${pauseMs.toFixed(0)} ms.`,
    'A promise was not kept: see above.',
  )
}
