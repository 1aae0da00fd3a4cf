import { inCircles } from './flow-cycles.ts'

/** A flow, and what its copies are called. */
export interface NamingFlow {
  readonly source: string
  readonly target: string
  /** Name on the target of a topic of the source; undefined = the flow does not copy it. */
  copyOf(topic: string): string | undefined
}

export interface ReturningTopic<F> {
  /** In order, each one's target the next one's source. */
  readonly flows: readonly F[]
  /** Where it begins, then after each flow. */
  readonly names: readonly string[]
}

/** So many ways of one topic are looked at: a net of many clusters has more than anyone could wait for. */
const MOST_WAYS = 1_000

/**
 * The ways on which one of the topics comes back to the cluster where it began, its name kept by some of the flows and changed by others, and
 * would go the same way once more under the name with which it came back; of several with no flow but those `told` of already, or found
 * before, all are left out.
 */
export function returningTopics<F extends NamingFlow>(
  flows: readonly F[],
  topics: Iterable<string>,
  told: ReadonlySet<F> = new Set(),
): readonly ReturningTopic<F>[] {
  const circling = inCircles(flows)
  const left = new Set(circling.filter(flow => !told.has(flow)))
  const found: ReturningTopic<F>[] = []
  for (const topic of topics) {
    for (const first of circling) {
      if (left.size === 0) return found
      const way = wayBack(first, topic, circling, left)
      if (way === undefined) continue
      found.push(way)
      for (const flow of way.flows) left.delete(flow)
    }
  }
  return found
}

/** The shortest that begins with `first`, passes no cluster twice and has a flow of `left`. */
function wayBack<F extends NamingFlow>(
  first: F,
  topic: string,
  among: readonly F[],
  left: ReadonlySet<F>,
): ReturningTopic<F> | undefined {
  const ways = [...onwards({ flows: [], names: [topic] }, first)]
  for (const way of ways) {
    const end = way.flows.at(-1)?.target
    if (end === first.source) {
      if (isMixed(way) && way.flows.some(flow => left.has(flow)) && isCopiedAlong(way.flows, way.names.at(-1))) return way
      continue
    }
    const passed = new Set(way.flows.slice(1).map(({ source }) => source))
    for (const next of among) {
      if (next.source === end && !passed.has(next.target) && ways.length < MOST_WAYS) ways.push(...onwards(way, next))
    }
  }
  return undefined
}

/** None where the flow does not copy the topic. */
function onwards<F extends NamingFlow>({ flows, names }: ReturningTopic<F>, flow: F): readonly ReturningTopic<F>[] {
  const name = flow.copyOf(names.at(-1) ?? '')
  return name === undefined ? [] : [{ flows: [...flows, flow], names: [...names, name] }]
}

function isMixed({ names }: ReturningTopic<unknown>): boolean {
  const kept = names.slice(1).map((name, i) => name === names[i])
  return kept.includes(true) && kept.includes(false)
}

function isCopiedAlong(flows: readonly NamingFlow[], topic: string | undefined): boolean {
  return flows.reduce((name, flow) => (name === undefined ? undefined : flow.copyOf(name)), topic) !== undefined
}
