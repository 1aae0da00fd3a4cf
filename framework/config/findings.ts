import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import { masked } from './secrets.ts'

/** Where what is wrong (refused) and what is odd (a warning) is told to. */
export interface Reporter {
  problem(key: string, value: string | undefined, message: string): void
  warning(key: string, value: string | undefined, message: string): void
}

/** Gathers findings, each once, secrets masked. */
export class Findings implements Reporter {
  readonly #problems = new Map<string, ConfigProblem>()
  readonly #warnings = new Map<string, ConfigProblem>()

  get problems(): readonly ConfigProblem[] {
    return [...this.#problems.values()]
  }

  get warnings(): readonly ConfigProblem[] {
    return [...this.#warnings.values()]
  }

  problem(key: string, value: string | undefined, message: string): void {
    add(this.#problems, key, value, message)
  }

  warning(key: string, value: string | undefined, message: string): void {
    add(this.#warnings, key, value, message)
  }

  /** A reporter that knows keys by other names than the file does. */
  renaming(nameInFile: (key: string) => string): Reporter {
    return {
      problem: (key, value, message) => this.problem(nameInFile(key), value, message),
      warning: (key, value, message) => this.warning(nameInFile(key), value, message),
    }
  }
}

/** Runs a reader that reports; what it read, or all its problems as one `ConfigError`. */
export function collectInto<T>(read: (report: Reporter) => T | undefined): T {
  const findings = new Findings()
  const result = read(findings)
  if (result === undefined || findings.problems.length > 0) throw new ConfigError(findings.problems)
  return result
}

function add(to: Map<string, ConfigProblem>, key: string, value: string | undefined, message: string): void {
  const finding = value === undefined ? { key, message } : { key, value: masked(key, value), message }
  to.set(`${key}\n${message}`, finding)
}
