import type { ConfigDefinition } from './config-definition.ts'
import type { ConfigProblem, ConnectError } from './connect-error.ts'
import type { SourceTask } from './source-task.ts'
import type { Logger } from './task-context.ts'
import type { OffsetReader } from './tokens.ts'

export interface ConnectorContext {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
  readonly logger: Logger
  /** Asks the worker to call `taskConfigs` again and to restart the tasks if they changed. Returns at once. */
  requestTaskReconfiguration(): void
  /** Marks the connector FAILED; its tasks go on. */
  raiseError(error: ConnectError): void
  /** Aborts once the connector is to stop, also while a call of it has not returned: what that waits for should end, for `stop` is called after it. */
  readonly signal: AbortSignal
}

/** What a connector finds in its configuration. */
export interface ConfigFindings {
  /** It is refused for these. */
  readonly problems: readonly ConfigProblem[]
  /** What is odd, or has no effect. */
  readonly warnings: readonly ConfigProblem[]
}

/** What a source connector is given beside what every connector is. */
export interface SourceConnectorContext extends ConnectorContext {
  readonly offsets: OffsetReader
}

/**
 * Decides what its tasks do; never touches records. The worker calls `start` once, then `taskConfigs` (after `start` and after each
 * `requestTaskReconfiguration`), at last `stop`; never two at a time.
 */
export abstract class SourceConnector {
  /** Every key the connector understands. */
  abstract readonly definition: ConfigDefinition
  /** Keys below these are the connector's own as well: `source.cluster.`. */
  readonly prefixes?: readonly string[]
  /** What `definition` cannot say of a configuration. Asked before any connector of the worker is started; opens nothing. */
  validate?(config: Readonly<Record<string, string>>): Promise<ConfigFindings>
  abstract start(context: SourceConnectorContext): Promise<void>
  /** One map per task, at most `maxTasks`; an empty list runs no task. */
  abstract taskConfigs(maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]>
  /** A new, unstarted task. */
  abstract createTask(): SourceTask
  stop?(): Promise<void>
}
