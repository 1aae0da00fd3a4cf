import { sleep } from '../../flow/index.ts'
import type { Cluster } from '../cluster.ts'
import { backoffOf } from '../retry.ts'
import type { Coordinator } from './coordinator.ts'

/**
 * Calls `beat` every `intervalMs` until the signal aborts. After a failure the coordinator is looked for anew and the next beat comes sooner.
 * What `beat` does before it is a member is its own affair.
 */
export const beatRegularly = async (
  cluster: Cluster,
  coordinator: Coordinator,
  intervalMs: number,
  signal: AbortSignal,
  beat: () => Promise<void>,
): Promise<void> => {
  const backoff = backoffOf(cluster)
  let delayMs = intervalMs
  while (!signal.aborted) {
    await sleep(delayMs, signal)
    if (signal.aborted) return
    delayMs = intervalMs
    try {
      await beat()
      backoff.reset()
    } catch (error) {
      if (signal.aborted) return
      cluster.logger.debug({ err: error }, `A heartbeat failed: ${(error as Error).message}`)
      coordinator.forget()
      delayMs = Math.min(intervalMs, backoff.next())
    }
  }
}
