import { styleText } from 'node:util'
import { type Bridge, type KafkaCluster, KafkaToolError, startBridge, startCluster } from '../../test/kafka-tool/index.ts'
import { type ComparedTopic, compareTopic, isFaithful, summaryTable } from './comparison.ts'
import { FILE, MirrorCommand } from './mirror-command.ts'
import { type DemoOptions, parseOptions } from './options.ts'
import { clicksOf, startClicks, type WrittenTopic, writeBacklog } from './records.ts'
import { SignalError, signalled } from './signals.ts'
import { whatNext } from './what-next.ts'

const CATCH_UP_MS = 60_000

interface Stage {
  readonly east: KafkaCluster
  readonly west: KafkaCluster
  readonly bridge: Bridge
}

const startedAt = performance.now()
/** What has to be ended, the latest first. */
const closers: (() => Promise<void>)[] = []
let isEnding = false

const options = parseOptions(process.argv.slice(2))
if (options !== undefined) {
  const code = await Promise.race([demo(options), signalled()]).catch(failure)
  await close()
  process.exit(code)
}

async function demo({ keep }: DemoOptions): Promise<number> {
  const stage = await startStage()
  say('Writing to east: JSON, transactions, odd records, in lz4, zstd, gzip and uncompressed')
  const backlog = await writeBacklog(stage.bridge, stage.east)
  say(`isthmus mirror ${FILE}`)
  const topics = await mirrorAll(stage, backlog)
  say('Comparing east and west record by record')
  const compared = await Promise.all(topics.map(topic => compareTopic(stage.bridge, stage.east, stage.west, topic)))
  const code = conclude(compared)
  if (keep) await leaveRunning(stage)
  return code
}

async function startStage(): Promise<Stage> {
  say('Starting two Kafka clusters, east and west')
  const start = async (name: string): Promise<KafkaCluster> => {
    const cluster = await startCluster({ name })
    closers.push(() => cluster.stop())
    console.log(`  ${name}: ${cluster.bootstrapServers} (Kafka ${cluster.version})`)
    return cluster
  }
  const [east, west] = await Promise.all([start('east'), start('west')])
  const bridge = await startBridge()
  closers.push(() => bridge.close())
  return { east, west, bridge }
}

/** Copies what is there and what is written meanwhile; ends once all of it has arrived. */
async function mirrorAll(stage: Stage, backlog: readonly WrittenTopic[]): Promise<readonly WrittenTopic[]> {
  const { bridge, east, west } = stage
  const mirror = startMirror(stage)
  const ended = mirror.exited.then(code => {
    throw new Error(`the mirror ended by itself (${code})`)
  })
  const arrived = async (topic: WrittenTopic): Promise<WrittenTopic> => {
    await bridge.awaitRecords(west, `east.${topic.name}`, topic.records, { timeoutMs: CATCH_UP_MS })
    return topic
  }
  const all = async (): Promise<readonly WrittenTopic[]> => {
    const copied = await Promise.all(backlog.map(arrived))
    const clicks = await clicksOf(await startClicks(bridge, east))
    return [...copied, await arrived(clicks)]
  }
  const topics = await Promise.race([all(), ended])
  ended.catch(() => undefined)
  await mirror.stop()
  return topics
}

function startMirror({ east, west }: Stage): MirrorCommand {
  const mirror = new MirrorCommand({ EAST: east.bootstrapServers, WEST: west.bootstrapServers })
  closers.push(() => mirror.stop())
  return mirror
}

function conclude(compared: readonly ComparedTopic[]): number {
  const { length } = compared.filter(topic => !isFaithful(topic))
  console.log(summaryTable(compared))
  for (const { topic } of compared) console.log(`  ${topic.name}: ${topic.what}`)
  const records = compared.reduce((sum, { comparison }) => sum + comparison.target, 0).toLocaleString('en-US')
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  if (length === 0) console.log(styleText('green', `\n${records} records arrived as they were sent. ${seconds} s in all.`))
  else console.log(styleText('red', `\n${length} of ${compared.length} topics differ from their copies.`))
  return length === 0 ? 0 : 1
}

/** The mirror goes on where it stopped. Never resolves: a signal ends it. */
async function leaveRunning(stage: Stage): Promise<never> {
  console.log(whatNext(stage.east, stage.west))
  const code = await startMirror(stage).exited
  if (!isEnding) console.log(`The mirror ended (${code}); the clusters stay up until Ctrl-C.`)
  return new Promise(() => undefined)
}

function failure(error: unknown): number {
  if (error instanceof SignalError) return options?.keep === true ? 0 : error.exitCode
  const isExpected = error instanceof KafkaToolError
  console.error(styleText('red', `The demo failed: ${isExpected ? error.message : ((error as Error).stack ?? String(error))}`))
  return 1
}

async function close(): Promise<void> {
  isEnding = true
  for (const closer of closers.reverse()) await closer().catch((error: unknown) => console.error(error))
}

function say(text: string): void {
  console.log(styleText('bold', `\n${text}`))
}
