import type { ConfigDefinition } from './config-definition.ts'
import type { ConfigFindings, ConnectorContext } from './connector.ts'
import type { SinkTask } from './sink-task.ts'

/**
 * Decides what its tasks do; never touches records. Which partitions a task has is decided by the consumer group, not here. The worker calls
 * `start` once, then `taskConfigs` (after `start` and after each `requestTaskReconfiguration`), at last `stop`; never two at a time.
 */
export abstract class SinkConnector {
  /** Every key the connector understands, beside those of every sink (`topics`, `topics.regex`, …). */
  abstract readonly definition: ConfigDefinition
  /** Keys below these are the connector's own as well: `source.cluster.`. */
  readonly prefixes?: readonly string[]
  /** What `definition` cannot say of a configuration. Asked before any connector of the worker is started; opens nothing. */
  validate?(config: Readonly<Record<string, string>>): Promise<ConfigFindings>
  abstract start(context: ConnectorContext): Promise<void>
  /** One map per task, at most `maxTasks`; an empty list runs no task. */
  abstract taskConfigs(maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]>
  /** A new, unstarted task. */
  abstract createTask(): SinkTask
  stop?(): Promise<void>
}
