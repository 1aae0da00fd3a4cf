import type { ObservedHealth } from '../../../framework/api/index.ts'
import { healthOf } from '../../../framework/runtime/index.ts'
import type { ObservedFlow } from './observed-flow.ts'

/** DOWN where no flow does its work or stands by for it; DEGRADED where one does not, or something of it does not go on. */
export function mirrorHealth(flows: readonly ObservedFlow[]): ObservedHealth {
  const reasons: string[] = []
  let down = 0
  for (const flow of flows) {
    const { state, cause } = flow.figures()
    const because = cause === undefined ? '' : `: ${cause}`
    if (state === 'FAILED' || state === 'BLOCKED' || state === 'RETRYING') reasons.push(`Flow ${flow.name} is ${state}${because}`)
    else if (state === 'RUNNING' && cause !== undefined) reasons.push(`Flow ${flow.name} is running, but${because}`)
    if (state === 'FAILED' || state === 'BLOCKED') down++
    reasons.push(...healthOf(flow.worker()).reasons.map(reason => `Flow ${flow.name}: ${reason}`))
    const retrying = flow.entries().filter(entry => entry.state === 'RETRYING')
    if (retrying.length > 0) {
      const first = retrying[0]?.status.cause ?? 'without a reason'
      reasons.push(`Flow ${flow.name}: ${retrying.length} partitions make no progress, first: ${first}`)
    }
  }
  const isDown = flows.length > 0 && down === flows.length
  return { state: isDown ? 'DOWN' : reasons.length > 0 ? 'DEGRADED' : 'UP', reasons }
}
