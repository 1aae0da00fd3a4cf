import type { PartitionState } from '../api/index.ts'
import { partitionsInState } from './partitions-in-state.ts'
import type { ConnectorStatus, TaskStatus, WorkerStatus } from './status.ts'

/** `DEGRADED`: something of it does not work. `DOWN`: nothing of it does. What is paused or stopped on purpose is UP. */
export type HealthState = 'UP' | 'DEGRADED' | 'DOWN'

export interface Health {
  readonly state: HealthState
  /** What is wrong, one sentence each; empty = nothing. */
  readonly reasons: readonly string[]
}

export interface WorkerHealth extends Health {
  readonly connectors: readonly (Health & { readonly name: string })[]
}

/** DOWN where each connector is; a worker without connectors is UP. */
export function healthOf({ connectors }: WorkerStatus): WorkerHealth {
  const all = connectors.map(connector => ({ name: connector.name, ...healthOfConnector(connector) }))
  const reasons = all.flatMap(connector => connector.reasons)
  const areDown = all.length > 0 && all.every(({ state }) => state === 'DOWN')
  return { state: areDown ? 'DOWN' : reasons.length > 0 ? 'DEGRADED' : 'UP', reasons, connectors: all }
}

function healthOfConnector({ name, state, error, tasks }: ConnectorStatus): Health {
  const hasFailed = state === 'FAILED'
  const reasons = [
    ...(hasFailed ? [`Connector ${name} has FAILED: ${error?.message ?? 'without a reason'}`] : []),
    ...(!hasFailed && error !== undefined ? [`Connector ${name} reports an error: ${error.message}`] : []),
    ...tasks.flatMap(reasonsOfTask),
  ]
  const isEmpty = hasFailed && tasks.length === 0
  const areAllFailed = tasks.length > 0 && tasks.every(task => task.state === 'FAILED')
  return { state: isEmpty || areAllFailed ? 'DOWN' : reasons.length > 0 ? 'DEGRADED' : 'UP', reasons }
}

function reasonsOfTask({ taskId, state, error, restarts, partitions, commitFailure }: TaskStatus): readonly string[] {
  if (state === 'FAILED') return [`Task ${taskId} has FAILED after ${restarts} restarts: ${error?.message ?? 'without a reason'}`]
  if (state === 'RESTARTING') return [`Task ${taskId} has failed and is started again: ${error?.message ?? 'without a reason'}`]
  return [
    ...reasonOfPartitions(taskId, partitions, 'FAILED', 'have FAILED'),
    ...reasonOfPartitions(taskId, partitions, 'RETRYING', 'make no progress'),
    ...(commitFailure === undefined ? [] : [commitFailure.error.message]),
  ]
}

function reasonOfPartitions(
  taskId: string,
  partitions: TaskStatus['partitions'],
  state: PartitionState,
  what: string,
): readonly string[] {
  const found = partitionsInState(partitions, state)
  if (found === undefined) return []
  return [`${found.count} of ${partitions.length} partitions of task ${taskId} ${what}, first: ${found.cause}`]
}
