import { setTimeout as delay } from 'node:timers/promises'
import { type Arena, clearTarget } from './arena.ts'
import { runBenchJava } from './bench-java.ts'
import type { Contestant } from './contestants/contestant.ts'
import { watchOthers } from './disturbance.ts'
import type { LatencyResult, LatencySummary } from './results.ts'
import { POLL_MS } from './target-watch.ts'
import { PARTITIONS } from './workloads.ts'

export const RATE = 1_000
export const VALUE_BYTES = 1_000
const START_MS = 60_000
const WAIT_SECONDS = 30
const STOP_MS = 15_000

export interface LatencyTimes {
  readonly warmupSeconds: number
  readonly seconds: number
}

/** Records pass through a mirror that has caught up; one Java program produces them and consumes them on both clusters. */
export const runLatency = async (arena: Arena, contestant: Contestant, times: LatencyTimes): Promise<LatencyResult> => {
  const { source, target, bridge, watch } = arena
  const alias = arena.newAlias()
  const topic = `latency-${alias}`
  const targetTopic = `${alias}.${topic}`
  await bridge.createTopic(source, topic, { partitions: PARTITIONS })
  const mirror = await contestant.start({
    source,
    target,
    alias,
    topic,
    targetTopic,
    codec: 'none',
    compressible: false,
    records: 0,
  })
  try {
    const deadline = performance.now() + START_MS
    while ((await watch.describeTopics([targetTopic])).get(targetTopic) === undefined) {
      mirror.check()
      if (performance.now() > deadline) throw new Error(`${targetTopic} was not created within ${START_MS / 1000} s`)
      await delay(POLL_MS)
    }
    const others = watchOthers()
    const output = await runBenchJava(
      'Latency',
      [
        ...[source.bootstrapServers, topic, target.bootstrapServers, targetTopic],
        ...[PARTITIONS, RATE, VALUE_BYTES, times.warmupSeconds, times.seconds, WAIT_SECONDS].map(String),
      ],
      (times.warmupSeconds + times.seconds + 3 * WAIT_SECONDS) * 1000,
    )
    const othersCpuPercent = others()
    return { contestant: contestant.name, ...readOutput(output), ...(othersCpuPercent !== undefined && { othersCpuPercent }) }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${mirror.output().slice(-3000)}`.trimEnd(), { cause: error })
  } finally {
    await mirror.stop(STOP_MS)
    await bridge.deleteTopic(source, topic)
    await clearTarget(arena, alias)
  }
}

const readOutput = (output: string): Omit<LatencyResult, 'contestant'> => {
  const line = output
    .trim()
    .split('\n')
    .findLast(text => text.startsWith('{'))
  if (line === undefined) throw new Error(`the latency program printed no result: ${output.slice(-500)}`)
  const { records, source, target } = JSON.parse(line) as { records: number; source: LatencySummary; target: LatencySummary }
  return { records, source, target, addedP50: target.p50 - source.p50 }
}
