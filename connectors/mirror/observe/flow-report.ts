import type { FlowReport, PartitionsReport, Severity } from '../../../framework/api/index.ts'
import type { WorkerStatus } from '../../../framework/runtime/index.ts'
import { summarizePartitions, worstOf } from '../../../framework/runtime/status-report/index.ts'
import { count } from '../../../framework/text/figures.ts'
import { type FlowTrouble, flowTroubles } from './flow-troubles.ts'
import { groupsReport } from './groups-report.ts'
import type { ReportedFlow } from './observed-flow.ts'
import { severityOfFlow } from './state-severity.ts'

/** @param worker of the flow */
export function flowReport(flow: ReportedFlow, worker: WorkerStatus, nowMs: number): FlowReport {
  const { name, source, target, role, observations } = flow
  const { cause: own, hop, ...progress } = flow.progress()
  const summary = summarizePartitions(flow.entries(), nowMs)
  const { report: partitions, lagRecords, lagBytes, oldestAgeMs, replicationLatency } = summary
  const losses = lossOf(partitions)
  const others = flowTroubles(flow, { state: progress.state, ...(own !== undefined && { cause: own }) }, worker)
  const troubles = losses === undefined ? others : [losses, ...others]
  const severity = worstOf([severityOfFlow(progress.state), ...troubles.map(trouble => trouble.severity)])
  const cause = own ?? causeOf(troubles, severity)
  const groups = groupsReport(observations)
  const { lastError } = observations.events
  return {
    name,
    source,
    target,
    role,
    ...progress,
    severity,
    ...(cause !== undefined && { cause }),
    ...(lagRecords !== undefined && { lagRecords }),
    ...(lagBytes !== undefined && { lagBytes }),
    ...(oldestAgeMs !== undefined && { oldestAgeMs }),
    ...(hop !== undefined && { hopLatency: hop }),
    ...(replicationLatency !== undefined && { replicationLatency }),
    partitions,
    ...(groups !== undefined && { groups }),
    ...(lastError !== undefined && { lastError }),
  }
}

/** The worst comes first, lost records before what goes on by itself, and the others are counted. */
function causeOf(troubles: readonly FlowTrouble[], severity: Severity): string | undefined {
  const first = troubles.find(trouble => trouble.severity === severity)
  if (first === undefined) return undefined
  return troubles.length === 1 ? first.message : `${first.message} (and ${troubles.length - 1} more)`
}

/** While it is news. */
function lossOf({ byState: { GAP = 0, RECREATED = 0 }, shown }: PartitionsReport): FlowTrouble | undefined {
  const lost = GAP + RECREATED
  if (lost === 0) return undefined
  const first = shown.find(({ state }) => state === 'GAP' || state === 'RECREATED')
  const because = first?.cause === undefined ? '' : `, first: ${first.cause}`
  return {
    severity: 'warning',
    message: `the source lost records of ${count(lost, 'partition')} before they were copied${because}`,
  }
}
