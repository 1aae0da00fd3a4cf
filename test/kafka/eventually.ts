import { setTimeout as wait } from 'node:timers/promises'
import { BridgeError } from '../kafka-tool/index.ts'

const DEADLINE_MS = 30_000

/** For what a broker does in its own time and tells nobody: asks again until the answer will do. */
export async function eventually<T>(what: string, ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof BridgeError) return error
      throw error
    })
    if (!(answer instanceof BridgeError) && isEnough(answer)) return answer
    if (Date.now() > deadline) throw new Error(`not within ${DEADLINE_MS} ms: ${what}; last answer ${JSON.stringify(answer)}`)
    await wait(50)
  }
}
