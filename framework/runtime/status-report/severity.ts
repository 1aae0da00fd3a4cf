import type { PartitionState, Severity } from '../../api/index.ts'
import type { ConnectorRunState, TaskRunState } from '../status.ts'

const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, ok: 2 }

/** Lower needs attention first. */
export function rankOf(severity: Severity): number {
  return RANKS[severity]
}

export function worstOf(severities: Iterable<Severity>): Severity {
  let worst: Severity = 'ok'
  for (const severity of severities) if (RANKS[severity] < RANKS[worst]) worst = severity
  return worst
}

export function severityOfPartition(state: PartitionState): Severity {
  if (state === 'FAILED') return 'error'
  return state === 'RETRYING' || state === 'GAP' || state === 'RECREATED' ? 'warning' : 'ok'
}

export function severityOfTask(state: TaskRunState): Severity {
  if (state === 'FAILED') return 'error'
  return state === 'RESTARTING' ? 'warning' : 'ok'
}

/** One that has failed and is started again by itself is none that needs somebody. */
export function severityOfConnector(state: ConnectorRunState, nextStartMs: number | undefined): Severity {
  if (state !== 'FAILED') return 'ok'
  return nextStartMs === undefined ? 'error' : 'warning'
}
