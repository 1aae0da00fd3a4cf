import type { ObservedHealth } from '../../../framework/api/index.ts'
import { flowTroubles } from './flow-troubles.ts'
import type { ObservedFlow } from './observed-flow.ts'
import { severityOfFlow } from './state-severity.ts'

/** DOWN where no flow does its work or stands by for it; DEGRADED where one does not, or something of it does not go on. */
export function mirrorHealth(flows: readonly ObservedFlow[]): ObservedHealth {
  const reasons: string[] = []
  let down = 0
  for (const flow of flows) {
    const figures = flow.figures()
    if (severityOfFlow(figures.state) === 'error') down++
    for (const { message } of flowTroubles(flow, figures)) reasons.push(`Flow ${flow.name}: ${message}`)
  }
  const isDown = flows.length > 0 && down === flows.length
  return { state: isDown ? 'DOWN' : reasons.length > 0 ? 'DEGRADED' : 'UP', reasons }
}
