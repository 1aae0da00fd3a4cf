import { splitList } from '../../../policies/index.ts'
import { inCircles, shortestCycle } from './flow-cycles.ts'
import { choiceOf, type TopicChoice } from './topic-choice.ts'
import { TopicLanguages } from './topic-languages.ts'

/** A flow whose copies have the names of their originals. */
export interface NameKeepingFlow {
  readonly source: string
  readonly target: string
  /** Lists of names and Java regular expressions. Absent = what it chooses cannot be told beforehand. */
  readonly topics?: { readonly include: string; readonly exclude: string }
  /** Whether it copies a topic, under its own name. */
  copies(topic: string): boolean
}

export interface EndlessCycle<F> {
  /** In order, each one's target the next one's source. */
  readonly flows: readonly F[]
  /** One that goes round; absent = not shown that there is none. */
  readonly topic?: string
}

/** So many sets of names are told apart before a file counts as too intricate to prove anything. */
const MOST_STATES = 10_000

/**
 * The ways round on which each flow copies one and the same topic, or may do; of several with a flow in common, some may be left out.
 * Names that patterns choose in common are searched for in all names at once, character by character, by what the flows' patterns still allow.
 */
export function endlessCycles<F extends NameKeepingFlow>(flows: readonly F[]): readonly EndlessCycle<F>[] {
  const found = new Found(inCircles(flows))
  for (const name of namesIn(found.flows)) {
    const chosen = found.flows.filter(flow => flow.copies(name))
    found.look(name, chosen)
  }
  if (!searchPatterns(found)) found.look(undefined, found.flows)
  return found.cycles
}

/** Literal names are looked at one by one; `orders` stands for what no pattern restricts. */
export function namesIn(flows: readonly NameKeepingFlow[]): ReadonlySet<string> {
  const items = flows.flatMap(({ topics }) => splitList(topics?.include ?? ''))
  return new Set(['orders', 'heartbeats', ...items.map(item => item.replaceAll('\\.', '.')).filter(isName)])
}

function isName(text: string): boolean {
  return /^[\w.-]+$/.test(text)
}

/** What is left of a flow's patterns after the first characters of a name. */
interface Remainder<F> extends TopicChoice {
  readonly flow: F
  readonly number: number
}

/** Whether the search came to its end. */
function searchPatterns<F extends NameKeepingFlow>(found: Found<F>): boolean {
  const languages = new TopicLanguages()
  const start = found.flows.map((flow, number) => ({ flow, number, ...choiceOf(flow.topics, languages) }))
  const characters = languages.representatives()
  const seen = new Set<string>()
  let states: { readonly name: string; readonly remainders: readonly Remainder<F>[] }[] = [{ name: '', remainders: start }]
  while (states.length > 0) {
    const next: typeof states = []
    for (const state of states) {
      for (const character of characters) {
        const remainders = state.remainders.flatMap(one => after(one, character, languages))
        const key = remainders.map(({ number, include, exclude }) => `${number}:${include.id}-${exclude.id}`).join(' ')
        if (seen.has(key) || !found.isWorthwhile(remainders.map(({ flow }) => flow))) continue
        if (seen.add(key).size > MOST_STATES) return false
        const name = state.name + character
        const chosen = remainders.filter(({ include, exclude }) => include.hasEmpty && !exclude.hasEmpty)
        found.look(
          name,
          chosen.map(({ flow }) => flow),
        )
        next.push({ name, remainders })
      }
    }
    states = next
  }
  return true
}

/** None where the flow copies no name that begins so. */
function after<F>(remainder: Remainder<F>, character: string, languages: TopicLanguages): readonly Remainder<F>[] {
  const include = languages.after(remainder.include, character)
  return include === languages.nothing ? [] : [{ ...remainder, include, exclude: languages.after(remainder.exclude, character) }]
}

/** Cycles found so far, and the flows that are in none of them. */
class Found<F extends NameKeepingFlow> {
  readonly cycles: EndlessCycle<F>[] = []
  /** All that lie on a way round. */
  readonly flows: readonly F[]
  readonly #left: Set<F>

  constructor(flows: readonly F[]) {
    this.flows = flows
    this.#left = new Set(flows)
  }

  /** Whether these flows make a cycle with one that is in none so far. */
  isWorthwhile(flows: readonly F[]): boolean {
    return flows.some(flow => this.#left.has(flow) && shortestCycle(flow, flows) !== undefined)
  }

  /** Adds the cycles of the flows that choose a topic; absent = of which nothing is known. */
  look(topic: string | undefined, flows: readonly F[]): void {
    for (const flow of flows) {
      const cycle = this.#left.has(flow) ? shortestCycle(flow, flows) : undefined
      if (cycle === undefined) continue
      const isCertain =
        topic !== undefined && cycle.every(({ topics }) => topics !== undefined) && cycle.every(one => one.copies(topic))
      this.cycles.push({ flows: cycle, ...(isCertain ? { topic } : {}) })
      for (const one of cycle) this.#left.delete(one)
    }
  }
}
