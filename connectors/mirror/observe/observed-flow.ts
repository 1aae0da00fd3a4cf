import type { LatencyHistogram, PartitionEntry, WorkerStatus } from '../../../framework/runtime/index.ts'
import type { FlowObservations } from './flow-observations.ts'

/** A flow as its metrics see it. */
export interface ObservedFlow {
  /** `A->B`. */
  readonly name: string
  readonly source: string
  readonly target: string
  /** Name of the connector that copies. */
  readonly connector: string
  readonly observations: FlowObservations
  /** Of the whole process. */
  hop(): LatencyHistogram
  figures(): FlowFigures
  /** Partitions that are copied by this process. */
  entries(): readonly PartitionEntry[]
  /** Without connectors while another process copies. */
  worker(): WorkerStatus
}

export interface FlowFigures {
  readonly state: string
  readonly cause?: string
  readonly records: number
  readonly bytes: number
  /** -1 = not known. */
  readonly lagRecords: number
}
