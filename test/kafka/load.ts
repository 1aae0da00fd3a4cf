import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bridge, KafkaCluster, Load, LoadOptions } from '../kafka-tool/index.ts'

/** What a test that failed leaves of a load must not hold up the next. */
const LAST_MS = 1_000

/** A load that ends with the test at the latest. */
export async function loadFor(
  t: TestContext,
  bridge: Bridge,
  source: KafkaCluster,
  topic: string,
  options: LoadOptions,
): Promise<Load> {
  const load = await bridge.startLoad(source, topic, options)
  t.after(() => Promise.race([load.stop(), sleep(LAST_MS)]))
  return load
}
