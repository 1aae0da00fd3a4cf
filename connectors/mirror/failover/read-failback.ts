import { isIdle, listGroups } from '../../../framework/kafka/admin/groups.ts'
import type { TopicMetadata } from '../../../framework/kafka/cluster.ts'
import type { FlowKnowledge } from '../translation/flow-translation.ts'
import { readLogs, type SourceLogs } from './flow-progress.ts'
import type { FailbackSituation } from './move-plan.ts'
import type { FlowClusters } from './open-clusters.ts'
import type { FlowSettings, PairSettings } from './pair-settings.ts'
import { type ReadFlow, readSituation } from './read-situation.ts'
import { findRepeats } from './repeats.ts'
import type { FlowActivity } from './start-checks.ts'
import type { SharedPartition, Side } from './start-plan.ts'
import { readStored } from './stored-copies.ts'
import { TopicSelection } from './topic-selection.ts'

export interface ReadFailbackOptions {
  /** `there` is the flow by which groups go home. */
  readonly settings: PairSettings
  readonly clusters: FlowClusters
  readonly named: readonly string[]
}

/**
 * Looks at both clusters before groups go back. Changes nothing.
 * @throws ClusterUnusable, and ConfigError for groups that are not there
 */
export async function readFailback(options: ReadFailbackOptions): Promise<FailbackSituation> {
  const { settings, clusters } = options
  const homeward = settings.there
  const outward = settings.back
  const read = await readSituation({ ...options, source: 'required' })
  const [there, back] = await Promise.all([activityOf(outward, clusters, 'source'), activityOf(homeward, clusters, 'target')])
  const logs = await readShared(options)
  const keepsNames = logs.home.topics.size > 0
  const isRunning = back.activity === 'copying'
  const shared = keepsNames && !isRunning ? await readPartitions(options, logs, read) : []
  return { ...read.situation, shared, keepsNames, there, back }
}

interface SharedLogs {
  readonly home: SourceLogs
  readonly away: SourceLogs
}

/** Of topics that keep their names on the way there and back. */
async function readShared({ settings, clusters }: ReadFailbackOptions): Promise<SharedLogs> {
  const outward = new TopicSelection({ there: settings.back, back: settings.there })
  const isShared = (topic: string): boolean => outward.copies(topic) && outward.keepsName(topic)
  const home = await readLogs(clusters, 'target', isShared)
  const away = await readLogs(clusters, 'source', topic => home.topics.has(topic))
  return { home, away }
}

async function readPartitions(options: ReadFailbackOptions, logs: SharedLogs, { known }: ReadFlow): Promise<SharedPartition[]> {
  const { settings, clusters } = options
  const [copiedThere, copiedBack] = await Promise.all([
    clusters.read('source', signal => readStored(settings.back.flow, clusters.source, logs.home.topics, signal)),
    clusters.read('target', signal => readStored(settings.there.flow, clusters.target, logs.away.topics, signal)),
  ])
  const partitions = [...logs.home.ends].flatMap(([topic, ends]) =>
    [...ends.keys()].map(partition => ({
      topic,
      partition,
      home: sideOf(logs.home, copiedThere, known.back, topic, partition),
      away: {
        ...sideOf(logs.away, copiedBack, known.there, topic, partition),
        topicId: logs.away.topics.get(topic)?.topicId ?? null,
      },
      repeats: [],
    })),
  )
  return clusters.read('source', signal => findRepeats(clusters.source, partitions, signal))
}

function sideOf(
  { topics, starts, ends }: SourceLogs,
  stored: ReadonlyMap<string, number>,
  { map }: FlowKnowledge,
  topic: string,
  partition: number,
): Side {
  const known = map?.runsOf(topic, partition) ?? null
  return {
    logStart: starts.get(topic)?.get(partition) ?? 0,
    logEnd: ends.get(topic)?.get(partition) ?? 0,
    stored: stored.get(`${topic}-${partition}`) ?? -1,
    map: known !== null && isOf(topics.get(topic), known.topicId) ? known : null,
  }
}

const isOf = (topic: TopicMetadata | undefined, topicId: string | null): boolean =>
  topicId === null || topic === undefined || topic.topicId === topicId

/** @param side where the flow's group is: its target, as these connections call it */
async function activityOf(
  { flow, isEnabled }: FlowSettings,
  clusters: FlowClusters,
  side: 'source' | 'target',
): Promise<FlowActivity> {
  const { groupId } = flow.worker
  const groups = await clusters.ask(side, 'asking for groups', listGroups)
  const isEmpty = isIdle(groups.get(groupId)?.state ?? 'Dead')
  const activity = isEmpty ? 'none' : isEnabled ? 'copying' : 'unknown'
  return { name: flow.name, group: groupId, cluster: flow.target, activity, beats: flow.heartbeats !== undefined }
}
