import type { ConnectError, Logger } from '../api/index.ts'
import { Lifecycle } from '../flow/index.ts'
import { connectorComponent, inComponent } from '../telemetry/index.ts'
import type { TaskPartitions } from './partition-registry.ts'
import type { RecordErrorCounts } from './record-errors.ts'
import type { Failure } from './status.ts'

export type HostState = 'CREATED' | 'STARTING' | 'RUNNING' | 'DRAINING' | 'STOPPED' | 'FAILED'

const TRANSITIONS: Readonly<Record<HostState, readonly HostState[]>> = {
  CREATED: ['STARTING', 'STOPPED'],
  STARTING: ['RUNNING', 'DRAINING', 'STOPPED', 'FAILED'],
  RUNNING: ['DRAINING', 'STOPPED', 'FAILED'],
  DRAINING: ['STOPPED', 'FAILED'],
  STOPPED: [],
  FAILED: [],
}

export const hostLifecycle = (taskId: string): Lifecycle<HostState> => new Lifecycle(`task ${taskId}`, 'CREATED', TRANSITIONS)

/** What every task is given, of whatever kind. */
export interface HostedTask {
  /** `connector-0` */
  readonly taskId: string
  readonly config: Readonly<Record<string, string>>
  readonly partitions: TaskPartitions
  readonly logger: Logger
}

/** For what its connector brings along: the task, converters and transforms. */
export function ownLogger({ taskId, logger }: Pick<HostedTask, 'taskId' | 'logger'>): Logger {
  return inComponent(logger, connectorComponent(taskId.slice(0, taskId.lastIndexOf('-'))))
}

/** One run of one task, of whatever kind. */
export interface TaskHost {
  readonly lifecycle: Pick<Lifecycle<HostState>, 'state' | 'state$' | 'sinceMs'>
  readonly commitFailures: number
  /** Of the last commit, if that failed. */
  readonly commitFailure?: Failure | undefined
  /** Milliseconds since the epoch; 0 = nothing committed yet. */
  readonly lastCommitMs: number
  readonly usedBytes: number
  readonly windowBytes: number
  /** Live. All zero where no record can fail. */
  readonly recordErrors: RecordErrorCounts
  /** Once. Never rejects: resolves with the error that ended the run, if there was one. */
  run(): Promise<ConnectError | undefined>
  /** At any time, also before `run`: no further records until `resume`; what is on its way is finished, membership and connections are kept. */
  pause(): void
  /** At any time; without effect where not paused. */
  resume(): void
  /** Drains and stops; resolves when the run has ended, at the latest after `budgetMs`. */
  stop(budgetMs?: number): Promise<void>
  /** Stops without waiting for anything. */
  stopNow(): void
}
