import type { Severity } from '../../../framework/api/index.ts'

/** Of a flow by its state alone. */
export function severityOfFlow(state: string): Severity {
  if (state === 'FAILED' || state === 'BLOCKED') return 'error'
  return state === 'RETRYING' ? 'warning' : 'ok'
}
