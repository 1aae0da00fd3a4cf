import type { ConfigProblem } from '../../../framework/api/index.ts'
import { splitList } from '../../../policies/index.ts'
import { type CopyingFlow, copiedBy, excludeOf, includeOf } from './copying-flow.ts'
import { type EndlessCycle, endlessCycles, type NameKeepingFlow } from './endless-cycles.ts'
import { type NamingFlow, type ReturningTopic, returningTopics } from './returning-topics.ts'
import { sampleTopics } from './sample-topics.ts'

/** Kinds of names that a policy may hold back or rename although it keeps others, each with one that stands for all. */
const KINDS = [
  ['.*heartbeats', 'x-heartbeats'],
  ['__.*', '__x'],
  ['\\..*', '.x'],
  ['.*[.-]internal', 'x.internal'],
] as const

/**
 * A problem for each way round on which a record could be copied for ever, since every flow on it keeps names, and for each on which a topic
 * comes back under an ever longer name, since some of the flows keep it and others do not.
 */
export function cycleProblems(flows: readonly CopyingFlow[]): readonly ConfigProblem[] {
  const names = ['orders', 'heartbeats', ...flows.flatMap(flow => splitList(includeOf(flow)))]
  const keepNames = flows.filter(({ policy, source }) => names.some(name => policy.formatRemoteTopic(source, name) === name))
  if (keepNames.length === 0) return []
  const endless = endlessCycles(keepNames.map(nameKeeping))
  const told = new Set(endless.flatMap(cycle => cycle.flows.map(({ flow }) => flow)))
  return [...endless.map(endlessProblem), ...returning(flows, told).map(returningProblem)]
}

interface Candidate extends NameKeepingFlow {
  readonly flow: CopyingFlow
}

function nameKeeping(flow: CopyingFlow): Candidate {
  const { source, target, policy, ownFilter } = flow
  const copies = copiedBy(flow)
  const keeps = (topic: string): boolean => policy.formatRemoteTopic(source, topic) === topic
  const heldBack = KINDS.filter(([, name]) => !keeps(name) || policy.isInternalTopic(name)).map(([pattern]) => pattern)
  const exclude = [excludeOf(flow), ...heldBack].filter(list => list.trim() !== '').join(',')
  return {
    flow,
    source,
    target,
    ...(ownFilter === undefined ? { topics: { include: includeOf(flow), exclude } } : {}),
    copies: topic => keeps(topic) && copies(topic),
  }
}

interface Followed extends NamingFlow {
  readonly flow: CopyingFlow
}

function returning(flows: readonly CopyingFlow[], told: ReadonlySet<CopyingFlow>): readonly ReturningTopic<Followed>[] {
  const followed = flows.map(flow => {
    const { source, target, policy } = flow
    const copies = copiedBy(flow)
    return {
      flow,
      source,
      target,
      copyOf: (topic: string) => (copies(topic) ? policy.formatRemoteTopic(source, topic) : undefined),
    }
  })
  return returningTopics(followed, sampleTopics(flows), new Set(followed.filter(({ flow }) => told.has(flow))))
}

const ELSE = 'where you know that no topic goes round, put one of the flows in a file of its own'

function endlessProblem({ flows, topic }: EndlessCycle<Candidate>): ConfigProblem {
  const cycle = flows.map(({ flow }) => flow)
  const untold = untoldChoices(cycle)
  const why =
    topic !== undefined
      ? `each copies ${topic}, for example`
      : untold !== ''
        ? untold
        : 'their patterns do not show that no topic matches all of them'
  return problem(
    cycle,
    `lead round in a circle, and topics keep their names there, so nothing tells a copy from an original: ` +
      `records would be copied round and round for ever; ${why}${patternsOf(cycle)}. Enable one direction at a time and turn round with ` +
      `isthmus failback; or use the DefaultReplicationPolicy; or give them topics that cannot meet, such as eu-.* and us-.*` +
      `${topic === undefined ? `; or, ${ELSE}` : ''}`,
  )
}

function returningProblem({ flows, names }: ReturningTopic<Followed>): ConfigProblem {
  const cycle = flows.map(({ flow }) => flow)
  const clusters = [...cycle.map(({ source }) => source), cycle[0]?.source]
  const chain = names.map((name, i) => `${name} on ${clusters[i]}`).join(' -> ')
  const untold = untoldChoices(cycle)
  return problem(
    cycle,
    `lead round in a circle on which some keep the names of topics and others do not, so names do not tell that a topic comes back to ` +
      `where it began: ${chain} -> and round again, for example` +
      `${untold === '' ? '' : `; ${untold}`}${patternsOf(cycle)}. Give all of them the same replication.policy.class (where topics go ` +
      `all the way round, the DefaultReplicationPolicy); or topics that cannot go all the way round, such as eu-.* and us-.*` +
      `${untold === '' ? '' : `; or, ${ELSE}`}`,
  )
}

function problem(cycle: readonly CopyingFlow[], what: string): ConfigProblem {
  const key = cycle.at(-1)?.nameInFile('enabled') ?? 'clusters'
  return { key, value: 'true', message: `${cycle.map(({ name }) => name).join(' and ')} ${what}` }
}

/** Empty = none of them has a filter of one's own. */
function untoldChoices(cycle: readonly CopyingFlow[]): string {
  const own = cycle.filter(({ ownFilter }) => ownFilter !== undefined)
  const choices = own.map(({ name, ownFilter }) => `what ${ownFilter} chooses for ${name}`).join(' and ')
  return choices === '' ? '' : `${choices} cannot be told beforehand`
}

/** Lines of the file, in brackets. */
function patternsOf(cycle: readonly CopyingFlow[]): string {
  const byPattern = cycle.filter(({ ownFilter }) => ownFilter === undefined)
  const topics = new Set(byPattern.map(flow => `${flow.nameInFile('topics')} = ${includeOf(flow)}`))
  return topics.size === 0 ? '' : ` (${[...topics].join('; ')})`
}
