import { type CommittedOffset, fetchGroupOffsets } from '../../../framework/kafka/admin/group-offsets.ts'
import { logOffsets } from '../../../framework/kafka/admin/log-offsets.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { readGroupCheckpoints } from '../client/read-checkpoints.ts'
import type { Checkpoint } from '../formats/index.ts'
import type { FlowTranslation } from '../translation/flow-translation.ts'
import { readTranslation } from '../translation/read-translation.ts'
import type { TopicPair } from './topic-pairs.ts'

/**
 * How sure a position is. `exact`: neither skips nor repeats a record, by the exact offset map. `checkpoint`: as the mirror's checkpoint has
 * it for the very offset where the group stood; skips nothing, and repeats nothing where Isthmus wrote it. `low`: skips nothing; records come
 * again. `kept`: nothing stored tells; what the group had here stays, and where it had nothing it begins as a new group does.
 */
export type PositionExactness = 'exact' | 'checkpoint' | 'low' | 'kept'

/** Where a group goes on in one partition. */
export interface MovedPosition {
  /** Name on the cluster it moves to. */
  readonly topic: string
  readonly partition: number
  /** -1 where it is kept. */
  readonly offset: number
  readonly exactness: PositionExactness
  /** Where it stood on the cluster it comes from. */
  readonly upstreamOffset: number
}

export interface PositionsQuery {
  readonly group: string
  readonly pairs: readonly TopicPair[]
  /** Configured for the flow from the cluster it comes from. */
  readonly policy: ReplicationPolicy
  /** The cluster null = gone: then what is stored on the other one has to do. */
  readonly from: { readonly alias: string; readonly cluster: Cluster | null }
  readonly to: { readonly alias: string; readonly cluster: Cluster }
  /** Where members say that they stood on the cluster that is gone. */
  readonly consumed: ReadonlyMap<string, number>
  readonly timeoutMs: number
  /** Offsets that the group had committed a moment ago; what it has by now where absent. */
  readonly committed?: readonly CommittedOffset[]
}

export interface Positions {
  readonly positions: readonly MovedPosition[]
  /** Each of them is as good as the mirror will make it. */
  readonly isCovered: boolean
}

/** One place of the group on the cluster that it comes from. */
interface Place {
  readonly pair: TopicPair
  readonly partition: number
  readonly upstreamOffset: number
}

/**
 * Where the group goes on. On a cluster that lives its committed offsets say where it stood; of one that is gone, what members remember, then
 * the checkpoints. Rejects when something that exists cannot be read, and with CHECKPOINTS_MISSING where only checkpoints could tell.
 */
export async function findPositions(query: PositionsQuery): Promise<Positions> {
  const { from, to, group } = query
  const [checkpoints, translation, committed] = await Promise.all([
    checkpointsOf(query),
    translationOf(query),
    query.committed ?? (from.cluster === null ? null : fetchGroupOffsets(from.cluster, group)),
  ])
  const places = committed === null ? rememberedPlaces(query, checkpoints) : committedPlaces(query, committed)
  const found = places.map(place => positionOf(place, query, checkpoints, translation))
  const isPassed = ({ topic, partition, upstreamOffset }: MovedPosition): boolean =>
    query.committed !== undefined && (checkpoints.get(`${topic}-${partition}`)?.upstreamOffset ?? -1) > upstreamOffset
  const isCovered = found.every(
    position => position.exactness === 'exact' || position.exactness === 'checkpoint' || isPassed(position),
  )
  return { positions: await withinLogs(to.cluster, found), isCovered }
}

/** The map of what came from a cluster that is gone lies there; the offset syncs about it lie here, and prove most of it. */
async function translationOf({ from, to, policy, timeoutMs }: PositionsQuery): Promise<FlowTranslation> {
  const { translation } = await readTranslation({
    sourceAlias: from.alias,
    targetAlias: to.alias,
    policy,
    source: from.cluster,
    target: to.cluster,
    syncs: { cluster: from.cluster, topic: policy.offsetSyncsTopic(to.alias) },
    signal: AbortSignal.timeout(timeoutMs),
  })
  return translation
}

type Checkpoints = ReadonlyMap<string, Checkpoint>

/** By topic and partition. A cluster that lives can do without. */
async function checkpointsOf({ from, to, policy, group, timeoutMs }: PositionsQuery): Promise<Checkpoints> {
  const topic = policy.checkpointsTopic(from.alias)
  if (from.cluster !== null && !(await to.cluster.describeTopics([topic])).has(topic)) return new Map()
  const checkpoints = await readGroupCheckpoints(to.cluster, topic, group, timeoutMs)
  return new Map(checkpoints.map(checkpoint => [`${checkpoint.topic}-${checkpoint.partition}`, checkpoint]))
}

function committedPlaces({ pairs, from }: PositionsQuery, committed: readonly CommittedOffset[]): Place[] {
  return pairs.flatMap(pair =>
    committed
      .filter(({ topic }) => topic === pair.names[from.alias])
      .map(({ partition, offset }) => ({ pair, partition, upstreamOffset: offset })),
  )
}

function rememberedPlaces({ pairs, from, to, consumed }: PositionsQuery, checkpoints: Checkpoints): Place[] {
  return pairs.flatMap(pair => {
    const upstream = new Map<number, number>()
    for (const { topic, partition, upstreamOffset } of checkpoints.values()) {
      if (topic === pair.names[to.alias]) upstream.set(partition, upstreamOffset)
    }
    const prefix = `${pair.names[from.alias]}-`
    for (const [name, offset] of consumed) {
      const partition = name.startsWith(prefix) ? name.slice(prefix.length) : ''
      if (/^\d+$/.test(partition)) upstream.set(Number(partition), offset)
    }
    return [...upstream].map(([partition, upstreamOffset]) => ({ pair, partition, upstreamOffset }))
  })
}

function positionOf(
  { pair, partition, upstreamOffset }: Place,
  { from, to }: PositionsQuery,
  checkpoints: Checkpoints,
  translation: FlowTranslation,
): MovedPosition {
  const topic = pair.names[to.alias] ?? pair.original
  const at = (offset: number, exactness: PositionExactness): MovedPosition => ({
    topic,
    partition,
    offset,
    exactness,
    upstreamOffset,
  })
  const translated = translation.translate(pair.names[from.alias] ?? pair.original, partition, upstreamOffset)
  if (translated?.exactness === 'exact') return at(translated.offset, 'exact')
  const checkpoint = checkpoints.get(`${topic}-${partition}`)
  const low = translated?.offset ?? -1
  if (checkpoint !== undefined && checkpoint.upstreamOffset <= upstreamOffset) {
    const isOfIt = checkpoint.upstreamOffset === upstreamOffset
    return at(Math.max(checkpoint.downstreamOffset, low), isOfIt ? 'checkpoint' : 'low')
  }
  if (low >= 0) return at(low, 'low')
  return checkpoint === undefined ? at(-1, 'kept') : at(0, 'low')
}

/** What lies past the end of a log that has lost records would be taken for no offset at all; topics that do not exist have none. */
async function withinLogs(cluster: Cluster, positions: readonly MovedPosition[]): Promise<readonly MovedPosition[]> {
  const topics = positions.map(({ topic }) => topic)
  const ends = await logOffsets(cluster, topics, 'end')
  return positions.flatMap(position => {
    const end = ends.get(position.topic)?.get(position.partition)
    if (end === undefined) return []
    return position.offset > end ? [{ ...position, offset: end, exactness: 'low' as const }] : [position]
  })
}
