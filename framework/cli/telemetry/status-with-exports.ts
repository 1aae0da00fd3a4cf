import type { StatusEvent, StatusReport } from '../../api/index.ts'

/** As many as the report has room for by itself. */
const MAX_EVENTS = 200

/**
 * A report that also tells, as events, that traces or metrics do not reach their collector. Its health stays what it is: nothing that is copied or
 * delivered depends on a collector.
 */
export function withExports(report: StatusReport, exports: readonly { readonly events: readonly StatusEvent[] }[]): StatusReport {
  const ours = exports.flatMap(({ events }) => events)
  if (ours.length === 0) return report
  const events = [...report.events, ...ours].sort((a, b) => b.lastMs - a.lastMs).slice(0, MAX_EVENTS)
  return { ...report, events }
}
