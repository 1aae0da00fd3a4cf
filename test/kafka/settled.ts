import { setTimeout as sleep } from 'node:timers/promises'
import type { Bridge, CompareOptions, Comparison, KafkaCluster } from '../kafka-tool/index.ts'

const POLL_MS = 200

export interface SettledOptions extends CompareOptions {
  /** How long the copy may take to hold all that the source has. 60000 by default. */
  readonly timeoutMs?: number
}

/**
 * Compares A's topic with its copy on B until nothing is missing. After `timeoutMs` the last comparison is returned as it is.
 * The copy must exist.
 */
export async function settled(
  bridge: Bridge,
  source: KafkaCluster,
  target: KafkaCluster,
  topic: string,
  { timeoutMs = 60_000, ...options }: SettledOptions = {},
): Promise<Comparison> {
  const targetTopic = options.targetTopic ?? `A.${topic}`
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const comparison = await bridge.compare(source, target, topic, { ...options, targetTopic })
    if (comparison.missing === 0 || performance.now() > deadline) return comparison
    await sleep(POLL_MS)
  }
}
