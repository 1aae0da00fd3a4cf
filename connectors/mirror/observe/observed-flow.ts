import type { PartitionEntry, WorkerStatus } from '../../../framework/runtime/index.ts'
import type { LatencyHistogram } from '../../../framework/telemetry/metrics/index.ts'
import type { Side } from '../config/clients.ts'
import type { TroubledCluster } from './cluster-watch.ts'
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
  /** Clusters that are of no use at present. */
  clusters(): ReadonlyMap<Side, TroubledCluster>
}

export interface FlowFigures {
  readonly state: string
  readonly cause?: string
  readonly records: number
  readonly bytes: number
  /** -1 = not known. */
  readonly lagRecords: number
}

/** A flow as the status of its process sees it. */
export interface ReportedFlow extends ObservedFlow {
  readonly role: 'copy' | 'heartbeats'
  /** Without its partitions: it takes no time. */
  progress(): FlowProgress
}

export interface FlowProgress extends Omit<FlowFigures, 'lagRecords'> {
  readonly sinceMs: number
  /** Over the last seconds; here and below. */
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  readonly hop?: { readonly p50Ms: number; readonly p99Ms: number }
}
