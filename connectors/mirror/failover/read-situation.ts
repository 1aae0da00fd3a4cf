import { logOffsets } from '../../../framework/kafka/admin/log-offsets.ts'
import type { Side } from '../config/clients.ts'
import { offsetSyncsCluster } from '../config/index.ts'
import { FlowTranslation } from '../translation/flow-translation.ts'
import { type ReadTranslation, readTranslation } from '../translation/read-translation.ts'
import { checkpointedGroups } from './checkpointed-groups.ts'
import { progressOf, readLogs, type SourceLogs } from './flow-progress.ts'
import { ClusterUnusable, type FlowClusters, isRefusal } from './open-clusters.ts'
import type { PairSettings } from './pair-settings.ts'
import { readGroups, readSameGroups, type StandingGroup } from './read-groups.ts'
import type { GroupSituation, PartitionProgress, Situation } from './situation.ts'
import { readStored } from './stored-copies.ts'
import { TopicSelection } from './topic-selection.ts'
import { readAgainAtMost, standsThere, translateStanding } from './translate-standing.ts'

export interface ReadSituationOptions {
  readonly settings: PairSettings
  readonly clusters: FlowClusters
  /** Groups by name; none = those that the file chooses. */
  readonly named: readonly string[]
  /**
   * `required`: rejects when the source cannot be read; `helpful`: goes by the target's checkpoints where it does not answer; `dispensable`: also
   * where it refuses us.
   */
  readonly source: 'required' | 'helpful' | 'dispensable'
}

export interface ReadFlow {
  readonly situation: Situation
  readonly known: ReadTranslation
}

/**
 * Looks at both clusters of a flow. Changes nothing.
 * @throws ClusterUnusable, and ConfigError for groups that are not there
 */
export async function readSituation(options: ReadSituationOptions): Promise<ReadFlow> {
  const { clusters, source } = options
  await clusters.reach('target')
  try {
    await clusters.reach('source')
    return await readWith(options, null)
  } catch (error) {
    const isAway = error instanceof ClusterUnusable && error.side === 'source' && (source === 'dispensable' || !isRefusal(error))
    if (!isAway || source === 'required') throw error
    return readWith(options, error.message)
  }
}

/** @param sourceError why the source is not asked */
async function readWith(options: ReadSituationOptions, sourceError: string | null): Promise<ReadFlow> {
  const { clusters, settings } = options
  const { flow, policy, isEnabled } = settings.there
  const isThere = (side: Side): boolean => side === 'target' || sourceError === null
  const side = clusters.syncsSide
  const topic = policy.offsetSyncsTopic(offsetSyncsCluster(flow.sourceConfig).aliasInName)
  const known = await readTranslation({
    sourceAlias: flow.source,
    targetAlias: flow.target,
    policy,
    source: isThere('source') ? clusters.source : null,
    target: clusters.target,
    syncs: { cluster: isThere(side) ? clusters.syncs : null, topic, side },
    signal: clusters.limits.signal,
    read: (from, job) => clusters.read(from, job),
  })
  const standing = sourceError === null ? await readStanding(options) : await readCheckpointed(options, known)
  const logs = sourceError === null ? await readSourceLogs(options, standing) : null
  const progress = logs === null ? [] : await readProgress(options, logs, known)
  const groups = await locate(options, standing, known, progress)
  return { known, situation: { source: flow.source, target: flow.target, sourceError, isEnabled, groups, progress } }
}

/** Groups as they stand on the source, without topics that do not move. */
async function readStanding({ settings, clusters, named }: ReadSituationOptions): Promise<readonly StandingGroup[]> {
  const { groupFilter, flow } = settings.there
  const selection = new TopicSelection(settings)
  const choice = { named, accepts: (group: string) => groupFilter.shouldReplicateGroup(group) }
  const groups = await clusters.ask('source', 'asking for groups', cluster => readGroups(cluster, flow.source, choice))
  return groups
    .map(group => ({ ...group, offsets: group.offsets.filter(({ topic }) => selection.moves(topic)) }))
    .filter(({ offsets }) => offsets.length > 0)
}

async function readCheckpointed(
  { settings, clusters, named }: ReadSituationOptions,
  { translation }: ReadTranslation,
): Promise<readonly StandingGroup[]> {
  const { groupFilter, flow, policy } = settings.there
  const topic = policy.checkpointsTopic(flow.source)
  return clusters.read('target', signal =>
    checkpointedGroups(clusters.checkpoints, topic, signal, {
      named,
      accepts: group => groupFilter.shouldReplicateGroup(group),
      sourceTopic: name =>
        [policy.upstreamTopic(name), settings.back.policy.formatRemoteTopic(flow.target, name)].find(
          candidate => candidate !== null && translation.remoteName(candidate) === name,
        ) ?? name,
    }),
  )
}

/** Of all that the flow copies, or of what the named groups read. */
async function readSourceLogs(
  { settings, clusters, named }: ReadSituationOptions,
  groups: readonly StandingGroup[],
): Promise<SourceLogs> {
  const selection = new TopicSelection(settings)
  const read = new Set(groups.flatMap(({ offsets }) => offsets.map(({ topic }) => topic)))
  return readLogs(clusters, 'source', topic => read.has(topic) || (named.length === 0 && selection.copies(topic)))
}

async function readProgress(
  { settings, clusters }: ReadSituationOptions,
  logs: SourceLogs,
  { there }: ReadTranslation,
): Promise<readonly PartitionProgress[]> {
  const selection = new TopicSelection(settings)
  const { flow } = settings.there
  const stored = await clusters.read('target', signal => readStored(flow, clusters.target, logs.topics, signal))
  return progressOf(logs, stored, there).filter(({ topic }) => selection.copies(topic) || selection.keepsName(topic))
}

/** Translates where the groups stand, and looks at what they and the logs are on the target. */
async function locate(
  { settings, clusters }: ReadSituationOptions,
  standing: readonly StandingGroup[],
  known: ReadTranslation,
  progress: readonly PartitionProgress[],
): Promise<readonly GroupSituation[]> {
  const { translation } = known
  const home = homeTranslation(settings, known)
  const names = standing.map(({ group }) => group)
  const remoteTopics = new Set(standing.flatMap(({ offsets }) => offsets.map(({ topic }) => translation.remoteName(topic))))
  const [sameGroups, ends] = await clusters.ask('target', 'asking for groups', cluster =>
    Promise.all([readSameGroups(cluster, names), logOffsets(cluster, remoteTopics, 'end')]),
  )
  const copied = new Map(progress.map(each => [`${each.topic}-${each.partition}`, each]))
  return standing.map(({ group, state, offsets }) => {
    const there = sameGroups.get(group)
    const committed = new Map(there?.offsets.map(each => [`${each.topic}-${each.partition}`, each.offset]))
    return {
      group,
      state,
      targetState: there?.state ?? null,
      positions: offsets.map(each => {
        const { topic, partition, offset, metadata } = each
        const targetTopic = translation.remoteName(topic)
        const targetEnd = ends.get(targetTopic)?.get(partition) ?? null
        const translated = translateStanding(translation, each)
        const onTarget = committed.get(`${targetTopic}-${partition}`) ?? null
        return {
          topic,
          partition,
          offset,
          metadata,
          sourceEnd: copied.get(`${topic}-${partition}`)?.logEnd ?? null,
          copiedEnd: copied.get(`${topic}-${partition}`)?.copiedEnd ?? null,
          targetTopic,
          translation: translated,
          committed: onTarget,
          standsThere: standsThere(home, each, translated && { topic: targetTopic, ...translated }, onTarget),
          targetEnd,
          readAgainAtMost: readAgainAtMost(known, each, translated, targetEnd),
        }
      }),
    }
  })
}

/** From the target back to the source, by the same knowledge. */
function homeTranslation({ there, back }: PairSettings, known: ReadTranslation): FlowTranslation {
  return new FlowTranslation({
    sourceAlias: there.flow.target,
    targetAlias: there.flow.source,
    policy: back.policy,
    there: () => known.back,
    back: () => known.there,
  })
}
