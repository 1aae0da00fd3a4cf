/** One rule of a contract, to be given to any test runner: `for (const { name, run } of suite) test(name, run)`. */
export interface ConformanceTest {
  readonly name: string
  /** Rejects with `ConformanceError` where the rule is broken. */
  readonly run: () => Promise<void>
}

export interface Rule {
  /** What is promised: the test's name. */
  readonly name: string
  /** What the contract says, in its words. */
  readonly contract: string
  /** Where to look, and what to do. */
  readonly remedy: string
}

/** A connector broke a rule; the message says which one, how it showed, and how to mend it. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
  /** Name of the rule. */
  readonly rule: string

  constructor(rule: Rule, what: string, cause?: unknown) {
    super(`${what}.\n  The contract: ${rule.contract}\n  To mend it: ${rule.remedy}`, cause === undefined ? undefined : { cause })
    this.rule = rule.name
  }
}

/** Thrown in a check: what was seen. */
class Seen extends Error {
  override readonly name = 'Seen'
}

/** Ends a check: the rule is broken. @param what was seen, as a sentence without its full stop */
export function broken(what: string): never {
  throw new Seen(what)
}

/** Whatever a check throws breaks its rule. */
export function conformanceTest(rule: Rule, check: () => Promise<void>): ConformanceTest {
  const run = async (): Promise<void> => {
    try {
      await check()
    } catch (error) {
      if (error instanceof Seen) throw new ConformanceError(rule, error.message)
      throw new ConformanceError(rule, error instanceof Error ? error.message : String(error), error)
    }
  }
  return { name: rule.name, run }
}

/** A little time, for what should not happen to happen. */
export const settle = (ms = 30): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

export type Properties = Readonly<Record<string, string>>

/** The same for every test, or made for each: asked once per test, so that each has a source or target of its own. */
export type ConfigOf = Properties | (() => Properties | Promise<Properties>)

export const configFrom = async (config: ConfigOf | undefined): Promise<Properties> =>
  typeof config === 'function' ? config() : (config ?? {})
