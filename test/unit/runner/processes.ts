import { setTimeout as delay } from 'node:timers/promises'
import { identify } from '../../kafka-tool/process-identity.ts'

const LOOK_MS = 10

/** Resolves when there is no such process; the test's own limit ends the wait. */
export async function whenGone(pid: number): Promise<void> {
  while (identify(pid) !== undefined) await delay(LOOK_MS)
}
