import type { ObservedHealth } from './observe.ts'
import type { PartitionState } from './task-context.ts'

/**
 * What a process tells of itself: the answer to `GET /status`, the data of the status page and of `isthmus status`. Plain JSON. Names that end in `Ms`
 * are milliseconds: points in time since the epoch, or lengths where the name says latency or age. What is not known is absent.
 */
export interface StatusReport {
  /** `isthmus/0.1.0`. */
  readonly program: string
  readonly startedMs: number
  /** When this was true. */
  readonly atMs: number
  readonly health: ObservedHealth
  /** Of mirrors. */
  readonly clusters: readonly ClusterReport[]
  /** Of mirrors: those that need attention first. */
  readonly flows: readonly FlowReport[]
  /** Those of flows, too: those that need attention first. */
  readonly connectors: readonly ConnectorReport[]
  /** What happened lately, the latest first; bounded. */
  readonly events: readonly StatusEvent[]
}

/** How much something needs attention: `warning` goes on by itself, `error` does not. */
export type Severity = 'ok' | 'warning' | 'error'

export interface ClusterReport {
  readonly alias: string
  readonly severity: Severity
  /** Why it does not answer, or does not let us. */
  readonly cause?: string
  /** Of the trouble. */
  readonly sinceMs?: number
}

export interface FlowReport {
  /** `A->B`. */
  readonly name: string
  readonly source: string
  readonly target: string
  readonly role: 'copy' | 'heartbeats'
  /** `RUNNING`, `STANDBY`, `RETRYING`, … */
  readonly state: string
  readonly severity: Severity
  readonly sinceMs: number
  /** Of the state, or of what is wrong although it runs. */
  readonly cause?: string
  readonly records: number
  readonly bytes: number
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  /** Records at the source that are not on the target. */
  readonly lagRecords?: number
  readonly lagBytes?: number
  /** How long the oldest record that is not on the target has been waiting. */
  readonly oldestAgeMs?: number
  /** From the arrival here to the acknowledgement by the target, of the last seconds. */
  readonly hopLatency?: LatencyReport
  /** By the records' timestamps, of the last 30 to 60 s. */
  readonly replicationLatency?: { readonly avgMs: number; readonly maxMs: number }
  readonly partitions: PartitionsReport
  /** Absent where no checkpoints are made here. */
  readonly groups?: GroupsReport
  /** The last thing that went wrong, over or not. */
  readonly lastError?: ErrorReport
}

export interface LatencyReport {
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface PartitionsReport {
  readonly count: number
  readonly byState: Readonly<Partial<Record<PartitionState, number>>>
  /** Times that the source lost records before they were copied, and records lost so. */
  readonly gaps: number
  readonly gapRecords: number
  /** Those that need attention first, then those that lag most; bounded. */
  readonly shown: readonly PartitionReport[]
  readonly omitted: number
}

export interface PartitionReport {
  /** `orders-3`. */
  readonly name: string
  readonly state: PartitionState
  readonly severity: Severity
  readonly sinceMs: number
  readonly cause?: string
  readonly records: number
  readonly bytes: number
  readonly lagRecords?: number
  readonly lagBytes?: number
  readonly oldestAgeMs?: number
  readonly gaps: number
  readonly gapRecords: number
  readonly retries: number
}

/** Consumer groups of the source, and where they would go on at the target if they moved there now. */
export interface GroupsReport {
  readonly count: number
  /** Offsets by how they are translated: `low` repeats records and loses none, `none` has no translation yet. */
  readonly exact: number
  readonly low: number
  readonly none: number
  /** Absent where groups of the target are not set. */
  readonly sync?: GroupSyncReport
  /** Those that need attention first; bounded. */
  readonly shown: readonly GroupReport[]
  readonly omitted: number
}

export interface GroupSyncReport {
  readonly lastMs?: number
  /** Groups that the last round could not set, though they were to be. */
  readonly refused: number
  readonly error?: ErrorReport
}

export interface GroupReport {
  readonly name: string
  readonly severity: Severity
  readonly exact: number
  readonly low: number
  readonly none: number
  /** Why its offsets at the target could not be set. */
  readonly cause?: string
  /** Where it would go on; bounded. */
  readonly positions: readonly GroupPosition[]
}

export interface GroupPosition {
  /** Of the target: `A.orders-3`. */
  readonly name: string
  /** What it has committed at the source. */
  readonly sourceOffset: number
  /** Absent = not translated yet. */
  readonly targetOffset?: number
  readonly exactness?: 'exact' | 'low'
}

export interface ConnectorReport {
  /** `A->B`, of mirrors. */
  readonly flow?: string
  readonly name: string
  readonly kind: 'source' | 'sink'
  readonly state: string
  readonly severity: Severity
  readonly sinceMs: number
  readonly restarts: number
  /** When it is started again by itself. */
  readonly nextStartMs?: number
  readonly records: number
  readonly bytes: number
  readonly lagRecords?: number
  readonly error?: ErrorReport
  readonly tasks: readonly TaskReport[]
  /** Absent in a mirror: its flow has them. */
  readonly partitions?: PartitionsReport
}

export interface TaskReport {
  /** `orders-0`. */
  readonly id: string
  readonly state: string
  readonly severity: Severity
  readonly sinceMs: number
  readonly restarts: number
  readonly lastActivityMs?: number
  readonly lastCommitMs?: number
  readonly commitFailures: number
  readonly windowUsedBytes: number
  readonly windowBytes: number
  /** Records that were given up, and of them those that were passed over. */
  readonly recordErrors: number
  readonly recordsSkipped: number
  readonly error?: ErrorReport
}

export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly atMs: number
}

/** Something that happened. What repeats without a pause is one event that is counted. */
export interface StatusEvent {
  readonly severity: Severity
  /** A word for programs: `flow-state`, `retrying`, `gap`, `recreated`, `failed`, `flowing`, `task-failed`, `group-sync`, … */
  readonly kind: string
  readonly firstMs: number
  readonly lastMs: number
  readonly count: number
  readonly flow?: string
  readonly connector?: string
  /** `orders-3`. */
  readonly partition?: string
  readonly code?: string
  readonly message: string
}

/** The answer to `GET /status/history`: samples in order of time, of the last hour at most. */
export interface StatusHistory {
  readonly everyMs: number
  /** By flow, or by connector where there are no flows. */
  readonly series: readonly HistorySeries[]
}

export interface HistorySeries {
  readonly name: string
  /** Of each sample; all arrays have the same length. null = not known then. */
  readonly atMs: readonly number[]
  readonly lagRecords: readonly (number | null)[]
  readonly recordsPerSecond: readonly (number | null)[]
  readonly hopP50Ms: readonly (number | null)[]
  readonly hopP99Ms: readonly (number | null)[]
}
