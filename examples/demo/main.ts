import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'
import { readFlags } from '../shared/flags.ts'
import { conclude, runProgram, say } from '../shared/program.ts'
import type { Stage } from '../shared/stage.ts'
import { type ComparedTopic, compareTopic, isFaithful, summaryTable } from './comparison.ts'
import { HELP } from './help.ts'
import { traceTo } from './jaeger.ts'
import { clicksOf, startClicks, type WrittenTopic, writeBacklog } from './records.ts'
import { FILE, whatNext } from './what-next.ts'

const CATCH_UP_MS = 60_000

interface Scene {
  readonly east: KafkaCluster
  readonly west: KafkaCluster
  readonly bridge: Bridge
  /** Of the mirror. */
  readonly env: Readonly<Record<string, string>>
}

const flags = readFlags(process.argv.slice(2), HELP, ['keep', 'jaeger'])
if (flags !== undefined) {
  const { jaeger } = flags
  const keep = flags.keep || jaeger
  await runProgram({ name: 'demo', ...(keep ? { interruptedCode: 0 } : {}) }, stage => demo(stage, { keep, jaeger }))
}

async function demo(stage: Stage, { keep, jaeger }: { readonly keep: boolean; readonly jaeger: boolean }): Promise<number> {
  const traces = jaeger ? await traceTo(stage) : undefined
  say('Starting two Kafka clusters, east and west')
  const [east, west] = await Promise.all([stage.startCluster('east'), stage.startCluster('west')])
  const bridge = await stage.startBridge()
  say('Writing to east: JSON, transactions, odd records, in lz4, zstd, gzip and uncompressed')
  const backlog = await writeBacklog(bridge, east)
  say(`isthmus mirror ${FILE}`)
  const env = { EAST: east.bootstrapServers, WEST: west.bootstrapServers, ...traces?.env }
  const topics = await mirrorAll(stage, { west, east, bridge, env }, backlog)
  say('Comparing east and west record by record')
  const compared = await Promise.all(topics.map(topic => compareTopic(bridge, east, west, topic)))
  const code = summarize(compared)
  if (traces !== undefined) console.log(traces.whereToLook)
  if (keep) await leaveRunning(stage, { east, west, env })
  return code
}

/** Copies what is there and what is written meanwhile; ends once all of it has arrived. */
async function mirrorAll(
  stage: Stage,
  { bridge, east, west, env }: Scene,
  backlog: readonly WrittenTopic[],
): Promise<readonly WrittenTopic[]> {
  const mirror = stage.startMirror(FILE, env, { ownsTerminal: true })
  const arrived = async (topic: WrittenTopic): Promise<WrittenTopic> => {
    await bridge.awaitRecords(west, `east.${topic.name}`, topic.records, { timeoutMs: CATCH_UP_MS })
    return topic
  }
  const copied = await Promise.all(backlog.map(arrived))
  const clicks = await clicksOf(await startClicks(bridge, east))
  const topics = [...copied, await arrived(clicks)]
  await mirror.stop()
  return topics
}

function summarize(compared: readonly ComparedTopic[]): number {
  const { length } = compared.filter(topic => !isFaithful(topic))
  console.log(summaryTable(compared))
  for (const { topic } of compared) console.log(`  ${topic.name}: ${topic.what}`)
  const records = compared.reduce((sum, { comparison }) => sum + comparison.target, 0).toLocaleString('en-US')
  return conclude(
    length === 0,
    `${records} records arrived as they were sent.`,
    `${length} of ${compared.length} topics differ from their copies.`,
  )
}

/** The mirror goes on where it stopped. Never resolves: a signal ends it. */
async function leaveRunning(stage: Stage, { east, west, env }: Omit<Scene, 'bridge'>): Promise<never> {
  console.log(whatNext(east, west))
  const code = await stage.openMirror({ file: FILE, env, ownsTerminal: true }).exited
  if (!stage.isClosing) console.log(`The mirror ended (${code}); the clusters stay up until Ctrl-C.`)
  return new Promise(() => undefined)
}
