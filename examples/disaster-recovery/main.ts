import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import { Consumers } from '../shared/consumers.ts'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import { PARTITIONS, Shop, TOPIC } from '../shared/shop.ts'
import type { Stage } from '../shared/stage.ts'
import { awaitCheckpoints } from './checkpoints.ts'
import { Commands, FAIL_BACK_FILE, FILE } from './commands.ts'
import { neverCopiedOrders } from './never-copied.ts'
import { isKept, type Outcome, outcomeLines } from './outcome.ts'

const HELP = helpOf(
  'disaster-recovery',
  'failover to a standby cluster and back, topics keep their names',
  `The cluster primary is killed (SIGKILL) while standby lacks its latest orders. Two consumer groups and the shop go on on standby, and go back
once primary is there again, with isthmus failover and isthmus failback. No order is read twice, none is missing, but for those that never
got to standby: isthmus failback lists exactly these.`,
)

const FIRST = 30
const BEFORE = 300
const REPORTED_AWAY = 60
const NEVER_COPIED = 20
const AWAY = 300

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, disasterRecovery)

interface Scene {
  readonly primary: KafkaCluster
  readonly standby: KafkaCluster
  readonly bridge: Bridge
  readonly shop: Shop
  /** Reads orders as they come. */
  readonly billing: Consumers
  /** Reads a few now and then. */
  readonly reports: Consumers
  readonly commands: Commands
}

async function disasterRecovery(stage: Stage): Promise<number> {
  const scene = await setUp(stage)
  const lost = await loseThePrimary(scene)
  await failOver(scene)
  const listed = await failBack(scene)
  await goHome(scene)
  return summarize(scene, { lost, listed })
}

async function setUp(stage: Stage): Promise<Scene> {
  say('Starting two Kafka clusters, primary and standby')
  const [primary, standby, bridge] = await Promise.all([
    stage.startCluster('primary'),
    stage.startCluster('standby'),
    stage.startBridge(),
  ])
  await bridge.createTopic(primary, TOPIC, { partitions: PARTITIONS })
  return {
    primary,
    standby,
    bridge,
    shop: new Shop(stage, bridge, 'order'),
    billing: new Consumers(stage, bridge, 'billing', [TOPIC]),
    reports: new Consumers(stage, bridge, 'reports', [TOPIC]),
    commands: new Commands(stage, primary, standby),
  }
}

/** Resolves with the orders that the standby has not got. */
async function loseThePrimary({ primary, standby, bridge, shop, billing, reports, commands }: Scene): Promise<readonly string[]> {
  say(`isthmus mirror ${FILE}: primary is in use, standby gets copies`)
  const mirror = commands.mirror(FILE)
  await shop.write(primary, FIRST)
  await reports.readSome(primary, 'earliest', FIRST)
  await shop.write(primary, BEFORE - FIRST)
  billing.start(primary, 'earliest')
  await billing.awaitTotal(BEFORE)
  await billing.stop()
  await bridge.awaitRecords(standby, TOPIC, BEFORE)
  await awaitCheckpoints(bridge, primary, standby, [billing.group, reports.group])

  say(`The mirror stops, ${NEVER_COPIED} more orders come in, and primary is killed`)
  await mirror.stop()
  const copied = shop.written.length
  await shop.write(primary, NEVER_COPIED)
  await Promise.all(primary.brokers.map(broker => broker.kill()))
  return shop.written.slice(copied)
}

async function failOver({ standby, shop, billing, commands }: Scene): Promise<void> {
  say('isthmus failover: first what it would do, then it')
  await commands.run(0, 'failover', 'primary->standby', '--plan', '--timeout', '1')
  await commands.run(0, 'failover', 'primary->standby', '--apply', '--timeout', '1')
  say('The group billing and the shop go on on standby')
  billing.start(standby, 'none')
  shop.open(standby)
}

/** Resolves with the orders that the plan lists. */
async function failBack(scene: Scene): Promise<readonly string[]> {
  const { primary, standby, bridge, shop, billing, reports, commands } = scene
  say('primary is back, with its data. What did standby never get?')
  await Promise.all([...primary.brokers.map(broker => broker.start()), billing.awaitTotal(BEFORE + AWAY)])
  await commands.run(5, 'failback', 'primary->standby', '--plan', '--start-only')

  say(
    'These stay on primary: --force. Where the way back starts is set, then orders of standby are copied, while all goes on there',
  )
  const applied = await commands.report('failback', 'primary->standby', '--apply', '--start-only', '--force')
  const listed = await neverCopiedOrders(bridge, primary, applied)
  const mirror = commands.mirror(FAIL_BACK_FILE)
  await bridge.awaitRecords(primary, TOPIC, shop.written.length)

  say('The shop closes for a moment, consumers stop; once all is copied, the groups go back')
  await reports.readSome(standby, 'none', REPORTED_AWAY)
  await shop.close()
  await billing.awaitTotal(shop.written.length - listed.length)
  await billing.stop()
  await bridge.awaitRecords(primary, TOPIC, shop.written.length)
  await commands.settle('failback', 'primary->standby', '--apply')
  await mirror.stop()
  return listed
}

async function goHome({ primary, standby, bridge, shop, billing, reports, commands }: Scene): Promise<void> {
  say('Consumers and shop go on on primary; then standby gets copies again')
  billing.start(primary, 'none')
  shop.open(primary)
  await commands.run(0, 'failback', 'standby->primary', '--apply', '--start-only')
  const mirror = commands.mirror(FILE)
  await shop.close()
  const { length } = shop.written
  await billing.awaitTotal(length - NEVER_COPIED)
  reports.start(primary, 'none')
  await reports.awaitTotal(length)
  await Promise.all([billing.stop(), reports.stop(), bridge.awaitRecords(standby, TOPIC, length - NEVER_COPIED)])
  await mirror.stop()
}

async function summarize(
  { primary, standby, bridge, shop, billing, reports }: Scene,
  { lost, listed }: { readonly lost: readonly string[]; readonly listed: readonly string[] },
): Promise<number> {
  const valuesOn = async (cluster: KafkaCluster): Promise<string[]> =>
    (await bridge.dump(cluster, TOPIC)).map(({ value }) => `${value}`)
  const [onPrimary, onStandby] = await Promise.all([valuesOn(primary), valuesOn(standby)])
  const outcome: Outcome = {
    written: shop.written,
    lost,
    listed,
    read: { billing: billing.read, reports: reports.read },
    logs: { primary: onPrimary, standby: onStandby },
  }
  for (const line of outcomeLines(outcome)) console.log(line)
  return conclude(isKept(outcome), 'There and back: nothing twice, nothing missing.', 'A promise was not kept: see above.')
}
