import type { ConnectorContext } from '../api/index.ts'
import type { HostedTask, TaskHost } from './task-host.ts'

export type TaskConfig = Readonly<Record<string, string>>

/** A connector of either kind, and how one of its tasks is run. */
export interface RunnableConnector {
  start(context: ConnectorContext): Promise<void>
  taskConfigs(maxTasks: number): Promise<readonly TaskConfig[]>
  createHost(task: HostedTask): TaskHost
  stop(): Promise<void>
}
