import { healthOf, type PartitionEntry, partitionsInState, type WorkerStatus } from '../../../framework/runtime/index.ts'
import { count } from '../../../framework/text/figures.ts'
import type { FlowFigures, ObservedFlow } from './observed-flow.ts'
import { severityOfFlow } from './state-severity.ts'

export interface FlowTrouble {
  /** `warning` goes on by itself, `error` does not. */
  readonly severity: 'warning' | 'error'
  /** A sentence or two that need no name of a flow. */
  readonly message: string
}

/** All that is wrong with a flow at present, whether or not it runs: of its state, its connectors and tasks, its partitions, and its runs. */
export function flowTroubles(
  flow: ObservedFlow,
  shown: Pick<FlowFigures, 'state' | 'cause'> = flow.figures(),
  worker: WorkerStatus = flow.worker(),
): readonly FlowTrouble[] {
  const found = ofParts(flow, shown, worker)
  return found.length === 0 ? ofClusters(flow) : found
}

function ofParts(flow: ObservedFlow, shown: Pick<FlowFigures, 'state' | 'cause'>, worker: WorkerStatus): readonly FlowTrouble[] {
  return [
    ...ofState(shown),
    ...healthOf(worker).connectors.flatMap(({ state, reasons }) =>
      reasons.map(message => ({ severity: state === 'DOWN' ? ('error' as const) : ('warning' as const), message })),
    ),
    ...(worker.connectors.length === 0 ? ofWaiting(flow.entries()) : []),
    ...flow.observations.runs.failing().map(ofRun),
  ]
}

/** Of one that nothing else tells of: nothing may be under way that would fail. */
function ofClusters(flow: ObservedFlow): readonly FlowTrouble[] {
  return [...flow.clusters()].map(([side, { severity, cause }]) => ({
    severity,
    message: `cluster ${flow[side]} cannot be used: ${cause}`,
  }))
}

function ofState({ state, cause }: Pick<FlowFigures, 'state' | 'cause'>): readonly FlowTrouble[] {
  const severity = severityOfFlow(state)
  const because = cause === undefined ? '' : `: ${cause}`
  if (severity !== 'ok') return [{ severity, message: `it is ${state}${because}` }]
  return state === 'RUNNING' && cause !== undefined ? [{ severity: 'warning', message: `it is running, but${because}` }] : []
}

/** Nothing is copied, and these wait for it. */
function ofWaiting(entries: readonly PartitionEntry[]): readonly FlowTrouble[] {
  const waiting = partitionsInState(entries, 'RETRYING')
  if (waiting === undefined) return []
  const verb = waiting.count === 1 ? 'makes' : 'make'
  return [{ severity: 'warning', message: `${count(waiting.count, 'partition')} ${verb} no progress, first: ${waiting.cause}` }]
}

function ofRun({
  run,
  cause,
  consecutive,
}: {
  readonly run: string
  readonly cause: string
  readonly consecutive: number
}): FlowTrouble {
  const times = consecutive === 1 ? '' : `, ${consecutive} times in a row`
  return { severity: 'warning', message: `${run} fails${times}: ${cause}` }
}
