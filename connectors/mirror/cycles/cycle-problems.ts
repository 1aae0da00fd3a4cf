import type { ConfigProblem } from '../../../framework/api/index.ts'
import {
  DEFAULT_TOPICS,
  DEFAULT_TOPICS_EXCLUDE,
  DefaultTopicFilter,
  type ReplicationPolicy,
  shouldReplicateTopic,
  splitList,
  type TopicFilter,
} from '../../../policies/index.ts'
import { type EndlessCycle, endlessCycles, type NameKeepingFlow } from './endless-cycles.ts'

/** What decides whether a flow takes part in an endless cycle. */
export interface CopyingFlow {
  readonly name: string
  readonly source: string
  readonly target: string
  /** Settings of its source connector, resolved; `topics` and `topics.exclude` are valid. */
  readonly properties: Readonly<Record<string, string>>
  /** Where a setting stands in the file. */
  nameInFile(key: string): string
  /** Configured already. */
  readonly policy: ReplicationPolicy
  /** The class that chooses topics where it is not the default one. */
  readonly ownFilter?: string
}

/** Kinds of names that a policy may hold back or rename although it keeps others, each with one that stands for all. */
const KINDS = [
  ['.*heartbeats', 'x-heartbeats'],
  ['__.*', '__x'],
  ['\\..*', '.x'],
  ['.*[.-]internal', 'x.internal'],
] as const

/** A problem for each way round on which a record could be copied for ever, since every flow on it keeps names. */
export function cycleProblems(flows: readonly CopyingFlow[]): readonly ConfigProblem[] {
  const names = ['orders', 'heartbeats', ...flows.flatMap(({ properties }) => splitList(includeOf(properties)))]
  const keepNames = flows.filter(({ policy, source }) => names.some(name => policy.formatRemoteTopic(source, name) === name))
  return endlessCycles(keepNames.map(nameKeeping)).map(problemOf)
}

interface Candidate extends NameKeepingFlow {
  readonly flow: CopyingFlow
}

function includeOf(properties: CopyingFlow['properties']): string {
  return properties.topics ?? DEFAULT_TOPICS
}

function nameKeeping(flow: CopyingFlow): Candidate {
  const { source, target, policy, properties, ownFilter } = flow
  const selection = {
    policy,
    filter: ownFilter === undefined ? defaultFilter(properties) : everything,
    targetAlias: target,
    heartbeatsReplicationEnabled: properties['heartbeats.replication.enabled']?.trim().toLowerCase() !== 'false',
  }
  const keeps = (topic: string): boolean => policy.formatRemoteTopic(source, topic) === topic
  const heldBack = KINDS.filter(([, name]) => !keeps(name) || policy.isInternalTopic(name)).map(([pattern]) => pattern)
  const exclude = [properties['topics.exclude'] ?? DEFAULT_TOPICS_EXCLUDE, ...heldBack]
    .filter(list => list.trim() !== '')
    .join(',')
  return {
    flow,
    source,
    target,
    ...(ownFilter === undefined ? { topics: { include: includeOf(properties), exclude } } : {}),
    copies: topic => keeps(topic) && shouldReplicateTopic(selection, topic),
  }
}

const everything: TopicFilter = { shouldReplicateTopic: () => true }

function defaultFilter(properties: CopyingFlow['properties']): TopicFilter {
  const filter = new DefaultTopicFilter()
  filter.configure(properties)
  return filter
}

function problemOf({ flows, topic }: EndlessCycle<Candidate>): ConfigProblem {
  const cycle = flows.map(({ flow }) => flow)
  const last = cycle.at(-1)
  const names = cycle.map(({ name }) => name).join(' and ')
  const key = last?.nameInFile('enabled') ?? 'clusters'
  const own = cycle.filter(({ ownFilter }) => ownFilter !== undefined)
  const why =
    topic !== undefined
      ? `each copies ${topic}, for example`
      : own.length > 0
        ? `${own.map(({ name, ownFilter }) => `what ${ownFilter} chooses for ${name}`).join(' and ')} cannot be told beforehand`
        : 'their patterns do not show that no topic matches all of them'
  const topics = cycle
    .filter(({ ownFilter }) => ownFilter === undefined)
    .map(flow => `${flow.nameInFile('topics')} = ${includeOf(flow.properties)}`)
  const patterns = topics.length === 0 ? '' : ` (${[...new Set(topics)].join('; ')})`
  const sureOfIt =
    topic === undefined ? '; or, where you know that no topic goes round, put one of the flows in a file of its own' : ''
  return {
    key,
    value: 'true',
    message:
      `${names} lead round in a circle, and topics keep their names there, so nothing tells a copy from an original: ` +
      `records would be copied round and round for ever; ${why}${patterns}. Enable one direction at a time and turn round with ` +
      `isthmus failback; or use the DefaultReplicationPolicy; or give them topics that cannot meet, such as eu-.* and us-.*${sureOfIt}`,
  }
}
