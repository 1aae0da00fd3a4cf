import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import { readFlags } from '../shared/flags.ts'
import { helpOf } from '../shared/help.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'
import { type FeedEvent, startFeedServer } from './feed-server.ts'

const FILES = ['examples/http-feed/worker.properties', 'examples/http-feed/feed.properties']
const TOPIC = 'events'

const HELP = helpOf(
  'http-feed',
  "a source of one's own that reads an HTTP feed",
  `A worker brings the events of a web service to a topic. The service fails for a moment, the worker is stopped and started again.
At the end each event is in the topic once, and those of a user are in order.`,
  1,
)

if (readFlags(process.argv.slice(2), HELP, []) !== undefined) await runProgram({ name: 'example' }, httpFeed)

async function httpFeed(stage: Stage): Promise<number> {
  say('Starting Kafka, and a web service that has 20,000 events')
  const [kafka, bridge, feed] = await Promise.all([stage.startCluster('kafka'), stage.startBridge(), startFeedServer()])
  stage.own(() => feed.close())
  feed.add(20_000)
  const env = { KAFKA: kafka.bootstrapServers, FEED: feed.url, FOLDER: stage.makeFolder() }

  say('The worker brings them to the topic, and those that come')
  const worker = stage.startConnect(FILES, env)
  await bridge.awaitRecords(kafka, TOPIC, 20_000)
  feed.refuse(2)
  feed.add(500)
  await bridge.awaitRecords(kafka, TOPIC, 20_500)
  await worker.stop()

  say('Started again, it goes on where it stopped')
  feed.add(500)
  const again = stage.startConnect(FILES, env)
  await bridge.awaitRecords(kafka, TOPIC, 21_000)
  await again.stop()
  return summarize(bridge, kafka)
}

async function summarize(bridge: Bridge, kafka: KafkaCluster): Promise<number> {
  const records = await bridge.dump(kafka, TOPIC)
  const events = records.map(({ value }) => JSON.parse(`${value}`) as FeedEvent)
  const lastOfUser = new Map<string, number>()
  let inOrder = 0
  for (const { id, user } of events) {
    if (id > (lastOfUser.get(user) ?? 0)) inOrder++
    lastOfUser.set(user, id)
  }
  console.log(`\n  ${records.length} records, ${new Set(events.map(({ id }) => id)).size} events, ${inOrder} in order`)
  const { key, value, partition } = records.at(-1)!
  console.log(`  the last one, in partition ${partition}: ${key} ${value}`)
  return conclude(
    records.length === 21_000 && inOrder === 21_000,
    'Each event is there once, those of a user in order.',
    'Events are missing, or came more than once.',
  )
}
