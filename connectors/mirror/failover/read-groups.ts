import { ConfigError } from '../../../framework/api/index.ts'
import { didYouMean } from '../../../framework/config/nearest.ts'
import type { CommittedOffset } from '../../../framework/kafka/admin/group-offsets.ts'
import { GroupOffsetsWatch } from '../../../framework/kafka/admin/group-offsets-watch.ts'
import { type ListedGroup, listGroups } from '../../../framework/kafka/admin/groups.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { listed as shown } from './check.ts'

/** Of consumers, and of offsets committed without any. */
const PROTOCOLS: ReadonlySet<string> = new Set(['consumer', ''])

/** A group as it stands on a cluster. */
export interface StandingGroup {
  readonly group: string
  /** Null = not known. */
  readonly state: string | null
  readonly offsets: readonly StandingOffset[]
}

export interface StandingOffset extends CommittedOffset {
  /** Offset on the other cluster that a checkpoint says; absent = asked the group itself. */
  readonly checkpointed?: number
}

export interface GroupChoice {
  /** By name; none = those that are accepted. */
  readonly named: readonly string[]
  readonly accepts: (group: string) => boolean
}

/** Consumer groups of a cluster with what they have committed. Rejects, retriably, when a broker does not answer. */
export async function readGroups(
  cluster: Cluster,
  alias: string,
  { named, accepts }: GroupChoice,
): Promise<readonly StandingGroup[]> {
  const all = [...(await listGroups(cluster)).values()].filter(({ protocolType }) => PROTOCOLS.has(protocolType))
  refuseUnknown(
    named,
    all.map(({ group }) => group),
    alias,
  )
  const chosen = all.filter(({ group }) => (named.length > 0 ? named.includes(group) : accepts(group)))
  const offsets = await offsetsOf(cluster, chosen)
  return chosen
    .map(({ group, state }) => ({ group, state, offsets: offsets.get(group) ?? [] }))
    .sort((a, b) => (a.group < b.group ? -1 : 1))
}

/** What these groups are on a cluster, as far as they exist there. */
export async function readSameGroups(cluster: Cluster, groups: readonly string[]): Promise<ReadonlyMap<string, StandingGroup>> {
  const all = await listGroups(cluster)
  const there = groups.flatMap(group => all.get(group) ?? [])
  const offsets = await offsetsOf(cluster, there)
  return new Map(there.map(({ group, state }) => [group, { group, state, offsets: offsets.get(group) ?? [] }]))
}

/** @throws ConfigError with each group that is not known, and what there is */
export function refuseUnknown(named: readonly string[], known: readonly string[], alias: string): void {
  const unknown = named.filter(group => !known.includes(group))
  if (unknown.length === 0) return
  const all = known.length === 0 ? 'there is none' : `there are ${shown(known)}`
  throw new ConfigError(
    unknown.map(value => ({
      key: '--group',
      value,
      message: `no consumer group of ${alias}${didYouMean(value, known)}; ${all}`,
    })),
  )
}

async function offsetsOf(
  cluster: Cluster,
  groups: readonly ListedGroup[],
): Promise<ReadonlyMap<string, readonly CommittedOffset[]>> {
  const coordinators = new Map(groups.map(({ group, coordinator }) => [group, coordinator]))
  const { changed, failed } = await new GroupOffsetsWatch(cluster).look(coordinators)
  for (const error of failed.values()) throw error
  return changed
}
