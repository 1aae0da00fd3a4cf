import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createInjector, createLogger, type Logger, PluginRegistry, readPropertiesFile } from 'isthmus'
import { checkFailoverSettings, type MirrorMaker, openMirror } from 'isthmus/connectors/mirror'
import type { KafkaCluster } from '../../test/kafka-tool/index.ts'
import { root } from '../shared/cli.ts'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'
import { tally } from '../shared/tally.ts'
import { Billing } from './billing.ts'
import { OrdersProducer } from './orders-producer.ts'

const FILE = 'examples/failover/mm2.properties'
const path = join(root, FILE)
const MEMBERS = 3
const A_WHILE_MS = 3_000
const READ_ALL_MS = 60_000
const TWICE = 'Read twice: what was read on east and not yet copied when it was killed. It came to west later, as something new.'

const HELP = helpOf(
  'failover',
  'consumers that fail over by themselves, all members together, and go back when told',
  `Three members of a group consume orders of two clusters, one of which is killed (SIGKILL) while producers write to both. The group goes on
on the other cluster from what is stored there, and back once the first is there again. No order is missing.`,
)

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, failover)

async function failover(stage: Stage): Promise<number> {
  const [east, west] = await startClusters(stage)
  const logger = createLogger({ level: 'error' })
  const mirror = await startMirror(logger, east, west)
  const billing = new Billing(path, MEMBERS, logger)
  const producers = [east, west].map(cluster => new OrdersProducer(cluster, logger))
  try {
    say(`${MEMBERS} consumers of the group billing, and orders written to both clusters`)
    billing.start()
    await billing.allOn('east')
    const running = producers.map(producer => producer.run())
    for (const work of running) stage.watch(work)
    await wait(A_WHILE_MS)

    say('east is killed')
    await east.brokers[0]!.kill()
    await billing.allOn('west')
    await wait(A_WHILE_MS)

    say('east is back; billing is told to go back')
    await east.brokers[0]!.start()
    await wait(A_WHILE_MS)
    await billing.moveTo('east')
    await billing.allOn('east')
    await wait(A_WHILE_MS)

    say('No more orders; what is left is read')
    for (const producer of producers) producer.stop()
    await Promise.all(running)
    return await settle(
      billing,
      producers.flatMap(({ written }) => written),
    )
  } finally {
    await billing.stop()
    await mirror.stop()
  }
}

async function startClusters(stage: Stage): Promise<readonly [KafkaCluster, KafkaCluster]> {
  say('Starting two Kafka clusters, east and west, with a topic orders on each')
  const clusters = await Promise.all([stage.startCluster('east'), stage.startCluster('west')])
  const bridge = await stage.startBridge()
  await Promise.all(clusters.map(cluster => bridge.createTopic(cluster, 'orders', { partitions: 4 })))
  return clusters
}

/** In this process, to keep what is shown short: `isthmus mirror` does the same. The file takes the clusters' addresses from the environment. */
async function startMirror(logger: Logger, east: KafkaCluster, west: KafkaCluster): Promise<MirrorMaker> {
  say(`isthmus mirror ${FILE}`)
  Object.assign(process.env, { EAST: east.bootstrapServers, WEST: west.bootstrapServers })
  const group = { topics: ['orders'], group: 'billing', clusters: ['east', 'west'] } as const
  const { missing } = checkFailoverSettings(readPropertiesFile(path), group)
  if (missing.length > 0) throw new Error(`the file lacks ${missing.map(({ line }) => line).join('; ')}`)
  console.log('  The file has all that a failover needs.')
  const plugins = new PluginRegistry().loader([root])
  const mirror = await openMirror(path, { injector: createInjector(), plugins, logger, program: 'isthmus/example' })
  mirror.start()
  return mirror
}

/** Waits until every order has been read; what is missing then is missing. */
async function settle(billing: Billing, written: readonly string[]): Promise<number> {
  const count = () => tally('billing', written, billing.read)
  for (const deadline = Date.now() + READ_ALL_MS; count().missing > 0 && Date.now() < deadline; ) await wait(200)
  await wait(A_WHILE_MS)
  const result = count()
  const text = `${result.written} orders written: ${result.once} read once, ${result.twice} twice, ${result.missing} missing.`
  if (result.twice > 0) console.log(`  ${TWICE}`)
  return conclude(result.missing === 0, text, text)
}
