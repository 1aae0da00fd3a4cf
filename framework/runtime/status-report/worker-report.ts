import type { StatusReport } from '../../api/index.ts'
import type { WorkerHealth } from '../health.ts'
import type { WorkerStatus } from '../status.ts'
import { connectorReport, sortConnectors } from './connector-report.ts'
import type { StatusEvents } from './status-events.ts'

export interface WorkerReportOptions {
  /** `isthmus/0.1.0`. */
  readonly program: string
  readonly startedMs: number
  readonly status: WorkerStatus
  readonly health: WorkerHealth
  readonly events: StatusEvents
}

/** What a Connect worker tells of itself. */
export function workerReport({ program, startedMs, status, health, events }: WorkerReportOptions): StatusReport {
  return {
    program,
    startedMs,
    atMs: Date.now(),
    health: { state: health.state, reasons: health.reasons },
    clusters: [],
    flows: [],
    connectors: sortConnectors(status.connectors.map(connectorReport)),
    events: events.list(),
  }
}
