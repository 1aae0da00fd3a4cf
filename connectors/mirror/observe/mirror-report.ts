import type { ClusterReport, StatusEvent, StatusReport } from '../../../framework/api/index.ts'
import { FirstOf, flowConnectorReport, rankOf, sortConnectors } from '../../../framework/runtime/status-report/index.ts'
import { flowReport } from './flow-report.ts'
import { mirrorHealth } from './mirror-health.ts'
import type { ReportedFlow } from './observed-flow.ts'

const EVENTS = 200

export interface MirrorReportOptions {
  /** `isthmus/0.1.0`. */
  readonly program: string
  readonly startedMs: number
  readonly flows: readonly ReportedFlow[]
}

/** What a mirror tells of itself. */
export function mirrorReport({ program, startedMs, flows }: MirrorReportOptions): StatusReport {
  const atMs = Date.now()
  const running = flows.map(flow => ({ flow, worker: flow.worker() }))
  const reports = running.map(({ flow, worker }) => flowReport(flow, worker, atMs))
  const connectors = running.flatMap(({ flow: { name }, worker }) =>
    worker.connectors.map(connector => flowConnectorReport(connector, name)),
  )
  return {
    program,
    startedMs,
    atMs,
    health: mirrorHealth(flows),
    clusters: clusterReports(flows),
    flows: reports.sort((a, b) => rankOf(a.severity) - rankOf(b.severity)),
    connectors: sortConnectors(connectors),
    events: latestEvents(flows),
  }
}

/** Each once: what one flow finds wrong with it counts. */
function clusterReports(flows: readonly ReportedFlow[]): readonly ClusterReport[] {
  const clusters = new Map<string, ClusterReport>()
  for (const flow of flows) {
    for (const side of ['source', 'target'] as const) {
      const alias = flow[side]
      const trouble = flow.clusters().get(side)
      const known = clusters.get(alias)
      const found: ClusterReport =
        trouble === undefined
          ? { alias, severity: 'ok' }
          : { alias, severity: trouble.severity, cause: trouble.cause, sinceMs: trouble.sinceMs }
      if (known === undefined || rankOf(found.severity) < rankOf(known.severity)) clusters.set(alias, found)
    }
  }
  return [...clusters.values()].sort((a, b) => rankOf(a.severity) - rankOf(b.severity))
}

function latestEvents(flows: readonly ReportedFlow[]): readonly StatusEvent[] {
  const latest = new FirstOf<StatusEvent>(EVENTS, (a, b) => b.lastMs - a.lastMs)
  for (const { name, observations } of flows) for (const event of observations.events.list()) latest.add({ ...event, flow: name })
  return latest.list()
}
