import { setTimeout as sleep } from 'node:timers/promises'
import type { Bridge, KafkaCluster } from '../kafka-tool/index.ts'
import { seededRandom } from '../seeded-random.ts'
import { eventually } from './eventually.ts'
import { GROUPS, Groups } from './exactness-groups.ts'
import { CopiedPartition, idOf } from './exactness-history.ts'
import { TOPIC_NAMES, Workload } from './exactness-workload.ts'
import { ofPartition } from './expected-offsets.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'

export interface Clusters {
  readonly source: KafkaCluster
  readonly target: KafkaCluster
  readonly bridge: Bridge
}

export interface ScenarioOptions {
  readonly seed: number
  /** How many mirrors end at a random moment, by SIGKILL or SIGTERM, between the first one and the last. */
  readonly violentLives: number
  readonly groups: { readonly set: number; readonly read: number }
}

/** Everything is copied, and nobody writes, reads or commits any more. */
export interface Scenario {
  /** Still runs: end it. */
  readonly mirror: MirrorProcess
  readonly groups: Groups
  readonly partitions: readonly CopiedPartition[]
  /** What happened, for people. */
  readonly story: readonly string[]
}

const OFTEN = {
  'emit.checkpoints.interval.seconds': '0.1',
  'refresh.groups.interval.seconds': '0.5',
  'sync.group.offsets.enabled': 'true',
  'sync.group.offsets.interval.seconds': '0.3',
  'checkpoints.topic.replication.factor': '1',
  'B.session.timeout.ms': '4000',
  'A->B.topics': TOPIC_NAMES.join(),
  'A->B.groups': GROUPS,
}

/**
 * Writes, commits and copies while mirrors and brokers end, as a seed decides: the first two mirrors are stopped cleanly, one of them under
 * load, the next ones at random, the last one copies the rest.
 */
export async function runScenario(
  clusters: Clusters,
  { seed, violentLives, groups: counts }: ScenarioOptions,
): Promise<Scenario> {
  const { source, target, bridge } = clusters
  const random = seededRandom(seed + 2)
  const below = (limit: number): number => Math.floor(random() * limit)
  const workload = new Workload(bridge, source, seed)
  const groups = new Groups(bridge, source, seed + 1, counts)
  const story: string[] = []
  let mirror: MirrorProcess | null = null
  const start = async (): Promise<MirrorProcess> => {
    const flushMs = ['1000', '5000', '5000'][below(3)]!
    const properties = mirrorProperties(source, target, { ...OFTEN, 'offset.flush.interval.ms': flushMs })
    mirror = new MirrorProcess({ properties })
    await mirror.awaitState('RUNNING')
    return mirror
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    story.push(signal)
    await mirror?.signal(signal)
    mirror = null
  }
  const restartBroker = async (cluster: KafkaCluster): Promise<void> => {
    story.push(`broker of ${cluster.name}`)
    await cluster.brokers[0]!.kill()
    await cluster.brokers[0]!.start()
    if (cluster === source) await workload.beheadAgain()
  }
  try {
    await workload.createTopics()
    await Promise.all([workload.write(), workload.writeCalm()])
    await workload.compact()
    await groups.setSome(1)
    await start()
    await Promise.all([
      workload.write(),
      workload.writeCalm(),
      groups.readSome(1),
      sleep(below(1_000)).then(() => end('SIGTERM')),
    ])
    await start()
    const calm = await bridge.offsets(source, 'calm')
    await bridge.awaitRecords(
      target,
      'A.calm',
      calm.reduce((sum, { latest }) => sum + latest, 0),
    )
    await end('SIGTERM')
    for (let life = 0; life < violentLives; life++) {
      await workload.behead()
      await groups.setSome(0.3)
      await start()
      const load = Promise.all([workload.write(), groups.setSome(0.3), groups.readSome(0.5)])
      await sleep(below(2_500))
      await end(below(4) === 0 ? 'SIGTERM' : 'SIGKILL')
      await load
      if (below(3) === 0) await workload.compact()
      if (below(3) === 0) await restartBroker([source, target][below(2)]!)
    }
    await Promise.all([restartBroker(source), restartBroker(target)])
    const last = await start()
    await Promise.all([workload.write(), workload.writeCalm()])
    await workload.compact()
    await Promise.all([groups.setSome(0.5), groups.readSome(0.7)])
    await workload.learnTransactions()
    const partitions = await copiedPartitions(clusters, workload)
    return { mirror: last, groups, partitions, story }
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
}

/** Resolves when the copies hold the last record of every partition. */
async function copiedPartitions({ source, target, bridge }: Clusters, workload: Workload): Promise<readonly CopiedPartition[]> {
  const partitions = TOPIC_NAMES.map(async topic => {
    const histories = workload.histories.filter(history => history.topic === topic)
    const there = await bridge.dump(source, topic)
    const lasts = histories.flatMap(({ partition }) => ofPartition(there, partition).slice(-1).map(idOf))
    const copies = await eventually(
      `the last records of ${topic}`,
      () => bridge.dump(target, `A.${topic}`),
      records => {
        const found = new Set(records.map(idOf))
        return lasts.every(last => found.has(last))
      },
    )
    const offsets = await bridge.offsets(source, topic)
    const ends = await bridge.offsets(target, `A.${topic}`)
    return histories.map(history => {
      const { partition } = history
      return new CopiedPartition({
        history,
        offsets: offsets[partition]!,
        there: ofPartition(there, partition),
        copies: ofPartition(copies, partition),
        targetEnd: ends[partition]!.latest,
        isCompacted: topic === 'compacted',
      })
    })
  })
  return (await Promise.all(partitions)).flat()
}
