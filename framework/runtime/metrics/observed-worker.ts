import type { Rebalances } from '../../telemetry/metrics/index.ts'
import type { HealthState } from '../health.ts'
import type { PartitionEntry } from '../partition-entry.ts'
import type { WorkerStatus } from '../status.ts'

export interface ShownPartition {
  readonly connector: string
  readonly entry: PartitionEntry
}

/** A worker as its metrics see it. */
export interface ObservedWorker {
  /** Label of a worker of which there are several in a process: `A->B`. Absent = no such label. */
  readonly flow?: string
  /** Asked at each collection. */
  status(): WorkerStatus
  /** Of its membership in a group of workers; absent = it is in none. */
  readonly rebalances?: Rebalances
  /** Instead of what the worker's status says alone. */
  health?(): HealthState
  /** Instead of those that tasks own at the moment. */
  partitions?(): readonly ShownPartition[]
}
