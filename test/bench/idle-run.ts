import { setTimeout as sleep } from 'node:timers/promises'
import { MirrorProcess, mirrorProperties } from '../kafka/mirror-process.ts'
import { startBridge, startCluster } from '../kafka-tool/index.ts'
import { usageOf } from './process-usage.ts'

export interface IdleOptions {
  readonly topics: number
  readonly partitionsPerTopic: number
  readonly seconds: number
}

export interface IdleUsage {
  /** Of one core, while nothing is written. */
  readonly cpuShare: number
  readonly peakRssBytes: number
  /** From the start of the process until every partition is CAUGHT_UP. */
  readonly startSeconds: number
}

/** Not counted: what is compiled and collected late. */
const SETTLE_MS = 5_000

/** What a mirror of topics to which nobody writes costs, with the defaults of its file; undefined where there is no /proc. */
export async function measureIdle({ topics, partitionsPerTopic, seconds }: IdleOptions): Promise<IdleUsage | undefined> {
  const [source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  try {
    for (let topic = 0; topic < topics; topic++) {
      await bridge.createTopic(source, `idle-${topic}`, { partitions: partitionsPerTopic })
    }
    const { 'A->B.topics': _all, ...properties } = mirrorProperties(source, target)
    for (const key of ['refresh.topics.interval.seconds', 'B.session.timeout.ms', 'B.heartbeat.interval.ms'])
      delete properties[key]
    const startedAt = performance.now()
    const mirror = new MirrorProcess({ properties, args: ['--summary-interval', '1'] })
    try {
      const all = topics * partitionsPerTopic
      await mirror.waitFor(
        'every partition CAUGHT_UP',
        ({ partitions }) => (partitions as { CAUGHT_UP?: number } | undefined)?.CAUGHT_UP === all,
        120_000,
      )
      const startSeconds = (performance.now() - startedAt) / 1_000
      await sleep(SETTLE_MS)
      const before = usageOf(mirror.pid)
      await sleep(seconds * 1_000)
      const after = usageOf(mirror.pid)
      if (before === undefined || after === undefined) return undefined
      return { cpuShare: (after.cpuSeconds - before.cpuSeconds) / seconds, peakRssBytes: after.peakRssBytes, startSeconds }
    } finally {
      await mirror.terminate()
    }
  } finally {
    await Promise.all([source.stop(), target.stop(), bridge.close()])
  }
}
