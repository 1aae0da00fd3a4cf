import type { ConnectError } from '../api/index.ts'
import type { PartitionEntry } from './partition-status.ts'

/** `RESTARTING`: failed, and started again after a delay. `FAILED`: until somebody acts. */
export type TaskRunState = 'STARTING' | 'RUNNING' | 'DRAINING' | 'RESTARTING' | 'STOPPED' | 'FAILED'

export type ConnectorRunState = 'STARTING' | 'RUNNING' | 'STOPPED' | 'FAILED'

export interface TaskStatus {
  /** `connector-0` */
  readonly taskId: string
  readonly state: TaskRunState
  /** Milliseconds since the epoch. */
  readonly sinceMs: number
  /** Of the last failure, for RESTARTING and FAILED. */
  readonly error?: ConnectError
  /** Automatic restarts so far. */
  readonly restarts: number
  readonly commitFailures: number
  /** Milliseconds since the epoch; 0 = nothing committed yet. */
  readonly lastCommitMs: number
  /** Bytes demanded or on their way. */
  readonly usedBytes: number
  /** Live: counters go on changing. */
  readonly partitions: readonly PartitionEntry[]
}

export interface ConnectorStatus {
  readonly name: string
  readonly state: ConnectorRunState
  readonly sinceMs: number
  readonly error?: ConnectError
  readonly tasks: readonly TaskStatus[]
}

export interface WorkerStatus {
  readonly connectors: readonly ConnectorStatus[]
}
