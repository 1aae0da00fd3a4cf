import type { ConnectError } from '../api/index.ts'
import type { PartitionEntry } from './partition-entry.ts'
import type { PartitionTotals, RetryCount } from './partition-registry.ts'
import type { RecordErrorCounts } from './record-errors.ts'
import type { Startups } from './startups.ts'
import type { TaskTotals } from './task-totals.ts'

/** What a connector is to be. `STOPPED`: without tasks, until it is resumed. */
export type TargetState = 'RUNNING' | 'PAUSED' | 'STOPPED'

/** `RESTARTING`: failed, and started again after a delay. `FAILED`: until somebody acts. */
export type TaskRunState = 'STARTING' | 'RUNNING' | 'PAUSED' | 'DRAINING' | 'RESTARTING' | 'STOPPED' | 'FAILED'

/** `RESTARTING`: somebody asked for it. `FAILED`: until somebody acts, or its next automatic start. */
export type ConnectorRunState = 'STARTING' | 'RUNNING' | 'PAUSED' | 'RESTARTING' | 'STOPPED' | 'FAILED'

export interface Failure {
  readonly error: ConnectError
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

export interface TaskStatus {
  /** `connector-0` */
  readonly taskId: string
  readonly state: TaskRunState
  /** Milliseconds since the epoch. */
  readonly sinceMs: number
  /** Of the last failure, for RESTARTING and FAILED. */
  readonly error?: ConnectError
  /** Whatever the state is now. */
  readonly lastFailure?: Failure
  /** Automatic restarts so far. */
  readonly restarts: number
  readonly commitFailures: number
  /** Of the last commit of offsets, if that failed. */
  readonly commitFailure?: Failure
  /** Milliseconds since the epoch; 0 = nothing committed yet. */
  readonly lastCommitMs: number
  /** When records were last acknowledged, in milliseconds since the epoch; 0 = none yet. */
  readonly lastActivityMs: number
  /** Bytes demanded or on their way. */
  readonly usedBytes: number
  /** What `usedBytes` may come to. */
  readonly windowBytes: number
  /** Of all its runs; live. */
  readonly totals: TaskTotals
  /** Of all its runs. */
  readonly recordErrors: RecordErrorCounts
  /** Live: counters go on changing. */
  readonly partitions: readonly PartitionEntry[]
}

export interface ConnectorStatus {
  readonly name: string
  readonly state: ConnectorRunState
  readonly sinceMs: number
  readonly error?: ConnectError
  /** Automatic starts after a failure so far. */
  readonly restarts: number
  /** When it is started again by itself, in milliseconds since the epoch; absent = it is not. */
  readonly nextStartMs?: number
  /** Since it was first started, also of tasks that are gone. */
  readonly totals: PartitionTotals
  readonly kind: 'source' | 'sink'
  /** As `connector.class` has it; absent = not known. */
  readonly className?: string
  /** Live. */
  readonly retries: Iterable<RetryCount>
  readonly tasks: readonly TaskStatus[]
}

export interface WorkerStatus {
  readonly connectors: readonly ConnectorStatus[]
  /** Since the worker began; live. Absent = there is no worker at present. */
  readonly startups?: Startups
}
