import type { ConnectError } from './connect-error.ts'
import type { SourcePartition } from './records.ts'

/** Leveled, structured logging; nothing per record above trace. */
export interface Logger {
  trace(fields: object, message: string): void
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Logger
}

/**
 * State of one source partition.
 * `GAP` and `RECREATED` last for a minute, or `isthmus.source.gap.notice.ms`, whatever is copied meanwhile; their counts last for ever.
 */
export type PartitionState = 'STARTING' | 'COPYING' | 'CAUGHT_UP' | 'RETRYING' | 'GAP' | 'RECREATED' | 'FAILED'

export interface PartitionStatus {
  readonly state: PartitionState
  /** Milliseconds since the epoch at which the state was entered. */
  readonly sinceMs: number
  /** Why, for RETRYING, GAP, RECREATED and FAILED: a sentence for the operator. */
  readonly cause?: string
}

export interface TaskContext {
  /** `connector-0`. */
  readonly taskId: string
  /** As given by the connector for this task, variables resolved. */
  readonly config: Readonly<Record<string, string>>
  readonly logger: Logger
  /** Aborted when the task must stop at once. */
  readonly signal: AbortSignal
  /** Reports that one source partition cannot go on; the others do. */
  partitionFailed(sourcePartition: SourcePartition, error: ConnectError): void
}
