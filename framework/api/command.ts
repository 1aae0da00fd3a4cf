import type { ConfigProblem } from './connect-error.ts'
import type { Injector } from './injection.ts'
import type { LogLevel } from './log-level.ts'
import type { Observation, Observed } from './observe.ts'
import type { PluginLoader } from './plugin.ts'
import type { Logger } from './task-context.ts'

/** How a command ends. After a second signal: 128 and the signal's number. */
export const ExitCode = {
  STOPPED: 0,
  CONFIGURATION: 1,
  UNEXPECTED: 2,
  CLUSTER: 3,
  FAILED: 4,
  REFUSED: 5,
  DEGRADED: 6,
} as const

export type ExitName = keyof typeof ExitCode

export interface CommandOption {
  /** As commander has it: `--clusters <alias...>`. */
  readonly flags: string
  readonly doc: string
  readonly default?: string
}

/** A command of the `isthmus` program, provided by a package. */
export interface CommandArgument {
  readonly name: string
  readonly doc: string
  readonly optional?: boolean
  /** Takes all that follow; the last one only. */
  readonly variadic?: boolean
}

export interface Command {
  /** One word, or two: `connect standalone`. */
  readonly name: string
  readonly summary: string
  /** Required but for those at the end that say otherwise. */
  readonly arguments: readonly CommandArgument[]
  readonly options: readonly CommandOption[]
  /** Shown below the options. */
  readonly help: string
  /** Those it may end with, for its help; all but DEGRADED unless said. */
  readonly exitCodes?: readonly ExitName[]
  /** Of those that mean something else here than for other commands. */
  readonly exitMeanings?: Readonly<Partial<Record<ExitName, string>>>
  /** What is logged unless `--log-level` says otherwise; `info` by default. */
  readonly logLevel?: 'info' | 'warn'
  /** Resolves with the exit code. A `ConfigError` it rejects with is shown problem by problem. */
  run(call: CommandCall, context: CommandContext): Promise<number>
}

export interface CommandCall {
  /** An optional one that was left out is undefined. */
  readonly arguments: readonly string[]
  /** By the name of the long flag in camel case. */
  readonly options: Readonly<Record<string, string | readonly string[] | boolean | undefined>>
}

export interface CommandContext {
  readonly logger: Logger
  readonly injector: Injector
  readonly terminal: Terminal
  /** `isthmus/0.1.0`. */
  readonly program: string
  /** @param folders where relative paths and packages are looked for, in this order */
  plugins(folders: readonly string[]): PluginLoader
  /**
   * Shows metrics and health over HTTP and by OTLP, where asked to; close it at the end.
   * @throws ConfigError for an address that cannot be listened on
   */
  observe(observed: Observed): Promise<Observation>
  /** What components log from now on, as a file says; what the command line says wins. */
  logLevels(levels: Iterable<readonly [component: string, LogLevel]>): void
  /** Aborted by the first SIGINT or SIGTERM: finish. */
  readonly stopping: AbortSignal
  /** Aborted by the second: stop at once. */
  readonly stopNow: AbortSignal
}

export type TextStyle = 'green' | 'yellow' | 'red' | 'cyan' | 'dim' | 'bold'

/** Standard output and error as a command sees them. */
export interface Terminal {
  /** Somebody watches standard output. */
  readonly isInteractive: boolean
  /** Width of standard output in characters. */
  readonly columns: number
  /** Its height in lines. */
  readonly rows: number
  /** Aborted when nobody reads standard output any more, as after `| head`. */
  readonly outputClosed: AbortSignal
  /** The text in that style, where the terminal shows colours. */
  style(style: TextStyle, text: string): string
  /** A line on standard output. */
  print(line: string): void
  /** One line per problem on standard error: `file: key = value: message`. */
  problems(file: string, problems: readonly ConfigProblem[]): void
  /** Keeps these lines at the foot of the screen, refreshed, below what is logged. Only where interactive. */
  follow(render: () => readonly string[]): Promise<Following>
}

export interface Following {
  /** The last lines stay. */
  close(): void
}
