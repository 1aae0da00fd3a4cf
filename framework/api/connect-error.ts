/** Where in the life of a task or a process an error arose. */
export type ErrorStage =
  | 'configuration'
  | 'start'
  | 'discovery'
  | 'poll'
  | 'decode'
  | 'transform'
  | 'key-converter'
  | 'value-converter'
  | 'header-converter'
  | 'produce'
  | 'deliver'
  | 'offset-commit'
  | 'group-membership'
  | 'stop'

/**
 * How far an error reaches:
 * - `configuration`: the program refuses to start;
 * - `retriable`: tried again with backoff, counted and shown;
 * - `partition`: one source partition stops, the others go on;
 * - `fatal`: the task stops.
 */
export type ErrorKind = 'configuration' | 'retriable' | 'partition' | 'fatal'

export interface ConnectErrorOptions {
  readonly kind: ErrorKind
  readonly stage: ErrorStage
  readonly cause?: unknown
  /** The class that failed, where it is known: a converter's, a transform's. */
  readonly className?: string
}

/**
 * The one error class that crosses a boundary of the framework.
 * `code` is stable and meant for programs; `message` says what happened, where, and what to do.
 */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  readonly code: string
  readonly kind: ErrorKind
  readonly stage: ErrorStage
  readonly className: string | undefined

  constructor(code: string, message: string, options: ConnectErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.kind = options.kind
    this.stage = options.stage
    this.className = options.className
  }

  get retriable(): boolean {
    return this.kind === 'retriable'
  }
}

/** One mistake in a configuration: which key, which value, and how to mend it. */
export interface ConfigProblem {
  readonly key: string
  /** As written; secrets masked. Absent when the key is missing. */
  readonly value?: string
  readonly message: string
  /** `plugin`: what is written may be right, but the code that it names fails or is not what it has to be. */
  readonly fault?: 'plugin'
}

/** Thrown once per configuration with every problem found in it. */
export class ConfigError extends ConnectError {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(p => `${p.key}${p.value === undefined ? '' : ` = ${p.value}`}: ${p.message}`)
    super('CONFIG_INVALID', lines.join('\n'), { kind: 'configuration', stage: 'configuration' })
    this.problems = problems
  }
}
