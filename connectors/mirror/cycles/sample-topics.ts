import { type CopyingFlow, copiedBy, excludeOf, includeOf } from './copying-flow.ts'
import { endlessCycles, type NameKeepingFlow, namesIn } from './endless-cycles.ts'
import { inCircles } from './flow-cycles.ts'

/** What no flow, or none that keeps names, copies as it is. */
const NO_EXAMPLES = '.*heartbeats, __.*, \\..*, .*[.-]internal'

/**
 * Topics that the flows are likely to copy: `orders`, the names in the file, an example of what each flow chooses and of what it and the
 * next one choose in common, and what a name among them that a policy made would have been before.
 */
export function sampleTopics(flows: readonly CopyingFlow[]): ReadonlySet<string> {
  const circling = inCircles(flows).map(choosing)
  const sets = circling.flatMap(flow => [
    [flow],
    ...circling.filter(next => next.source === flow.target).map(next => [flow, next]),
  ])
  const different = new Map(sets.map(set => [JSON.stringify(set.map(({ topics }) => topics ?? null)), set]))
  const names = [...namesIn(circling), ...[...different.values()].flatMap(exampleOf)]
  const before = names.flatMap(name => flows.map(({ policy }) => policy.upstreamTopic(name) ?? ''))
  return new Set([...names, ...before].filter(name => name !== ''))
}

function choosing(flow: CopyingFlow): NameKeepingFlow {
  const { source, target, policy, ownFilter } = flow
  const copies = copiedBy(flow)
  const exclude = [excludeOf(flow), NO_EXAMPLES].filter(list => list.trim() !== '').join(',')
  return {
    source,
    target,
    ...(ownFilter === undefined ? { topics: { include: includeOf(flow), exclude } } : {}),
    copies: topic => copies(topic) && !policy.isHeartbeatsTopic(topic),
  }
}

/** What all of these choose, whichever clusters they connect: the search for circles finds it when they are put in one. */
function exampleOf(flows: readonly NameKeepingFlow[]): readonly string[] {
  const ring = flows.map((flow, i) => ({ ...flow, source: `${i}`, target: `${(i + 1) % flows.length}` }))
  return endlessCycles(ring).flatMap(({ topic }) => topic ?? [])
}
