import type { PartitionState } from '../../../framework/api/index.ts'
import { LagSum, type PartitionEntry, partitionName } from '../../../framework/runtime/index.ts'
import type { FlowRates } from './flow-meter.ts'
import type { FlowRole } from './flow-services.ts'

/**
 * - `STARTING`: connects, joins the group, finds topics;
 * - `STANDBY`: another process copies; `BLOCKED`: a program of another kind is in the group;
 * - `RUNNING`; `RETRYING`: something that should work does not, and is tried again;
 * - `FAILED`: until somebody acts; `STOPPING`, `STOPPED`.
 */
export type FlowState = 'STARTING' | 'STANDBY' | 'BLOCKED' | 'RUNNING' | 'RETRYING' | 'FAILED' | 'STOPPING' | 'STOPPED'

export interface TroubledPartition {
  /** `orders-3`. */
  readonly name: string
  readonly state: PartitionState
  readonly cause: string
}

/** A flow at one moment. */
export interface FlowStatus extends FlowRates {
  /** `A->B`. */
  readonly name: string
  readonly role: FlowRole
  readonly state: FlowState
  /** Milliseconds since the epoch. */
  readonly sinceMs: number
  /** A sentence for the operator. */
  readonly cause?: string
  readonly partitions: number
  readonly partitionsByState: Readonly<Partial<Record<PartitionState, number>>>
  /** Records at the source that are not on the target, of all partitions of which that is known; -1 = none is known to wait, but not of all. */
  readonly lagRecords: number
  /** Records the source lost before they were copied, and how often that happened. */
  readonly gapRecords: number
  readonly gaps: number
  /** Partitions that do not copy as they should, the failed ones first. */
  readonly troubled: readonly TroubledPartition[]
}

type PartitionFigures = Pick<FlowStatus, 'partitions' | 'partitionsByState' | 'lagRecords' | 'gapRecords' | 'gaps' | 'troubled'>

const TROUBLE: readonly PartitionState[] = ['FAILED', 'RECREATED', 'GAP', 'RETRYING']

/** What there is to say of a flow's partitions. */
export function partitionFigures(entries: readonly PartitionEntry[]): PartitionFigures {
  const byState: Partial<Record<PartitionState, number>> = {}
  const lag = new LagSum()
  let gapRecords = 0
  let gaps = 0
  const troubled: TroubledPartition[] = []
  for (const entry of entries) {
    const { state, cause } = entry.status
    byState[state] = (byState[state] ?? 0) + 1
    lag.add(entry)
    gapRecords += entry.gapRecords
    gaps += entry.gaps + entry.recreations
    if (TROUBLE.includes(state)) troubled.push({ name: partitionName(entry.partition), state, cause: cause ?? '' })
  }
  troubled.sort((a, b) => TROUBLE.indexOf(a.state) - TROUBLE.indexOf(b.state))
  return { partitions: entries.length, partitionsByState: byState, lagRecords: lag.records ?? -1, gapRecords, gaps, troubled }
}
