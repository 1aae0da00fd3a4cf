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
    ...tasks.flatMap(reasonsOfTask),
  ]
  const isEmpty = hasFailed && tasks.length === 0
  const areAllFailed = tasks.length > 0 && tasks.every(task => task.state === 'FAILED')
  return { state: isEmpty || areAllFailed ? 'DOWN' : reasons.length > 0 ? 'DEGRADED' : 'UP', reasons }
}

function reasonsOfTask({ taskId, state, error, restarts, partitions }: TaskStatus): readonly string[] {
  if (state === 'FAILED') return [`Task ${taskId} has FAILED after ${restarts} restarts: ${error?.message ?? 'without a reason'}`]
  if (state === 'RESTARTING') return [`Task ${taskId} has failed and is started again: ${error?.message ?? 'without a reason'}`]
  const failed = partitions.filter(partition => partition.state === 'FAILED')
  const [first] = failed
  if (first === undefined) return []
  return [
    `${failed.length} of ${partitions.length} partitions of task ${taskId} have FAILED, first: ${first.status.cause ?? 'without a reason'}`,
  ]
}
