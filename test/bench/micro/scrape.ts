/**
 * What one scrape costs with five thousand partitions: the time between the batches that are being copied, and what is sent. Prints the
 * milliseconds of the first and the middle of later collections, for Prometheus' text and for OTLP.
 */
import { deflateRawSync, gzipSync } from 'node:zlib'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { FlowObservations, mirrorMetrics, type ObservedFlow } from '../../../connectors/mirror/observe/index.ts'
import { SourcesProducer } from '../../../framework/cli/telemetry/sources-producer.ts'
import { PartitionRegistry, RecordErrorCounts } from '../../../framework/runtime/index.ts'
import { LatencyHistogram, prometheusBytes } from '../../../framework/telemetry/metrics/index.ts'

const PARTITIONS = 5_000
const ROUNDS = 15

const registry = new PartitionRegistry()
const task = registry.view('MirrorSourceConnector-0')
const entries = Array.from({ length: PARTITIONS }, (_, i) => {
  const entry = task.entry({ cluster: 'A', topic: `orders-${i >> 3}`, partition: i & 7 })
  entry.targetTopic = `A.orders-${i >> 3}`
  entry.copying()
  return entry
})

const status = () => ({
  connectors: [
    {
      name: 'MirrorSourceConnector',
      state: 'RUNNING' as const,
      sinceMs: 0,
      restarts: 0,
      totals: registry.totals(),
      kind: 'source' as const,
      retries: registry.retries,
      tasks: [
        {
          taskId: 'MirrorSourceConnector-0',
          state: 'RUNNING' as const,
          sinceMs: 0,
          restarts: 0,
          commitFailures: 0,
          lastCommitMs: 0,
          lastActivityMs: 0,
          usedBytes: 0,
          windowBytes: 1,
          totals: task.totals,
          recordErrors: new RecordErrorCounts(),
          partitions: registry.ownedBy('MirrorSourceConnector-0'),
        },
      ],
    },
  ],
})

const flow: ObservedFlow = {
  clusters: () => new Map(),
  name: 'A->B',
  source: 'A',
  target: 'B',
  connector: 'MirrorSourceConnector',
  observations: new FlowObservations(),
  hop: () => new LatencyHistogram(),
  figures: () => ({ state: 'RUNNING', records: 0, bytes: 0, lagRecords: 0 }),
  entries: () => registry.ownedBy('MirrorSourceConnector-0'),
  worker: status,
}
const sources = mirrorMetrics([flow])

function copied(): void {
  for (const [i, entry] of entries.entries()) {
    entry.acked(100 + i, 10_000 + i)
    entry.lagRecords = i
    entry.waitingSinceMs = Date.now()
    entry.recordAge.record(i, i + 10, performance.now())
    entry.replicationLatency.record(i, i + 10, performance.now())
  }
}

async function measured(what: string, collect: () => unknown): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    copied()
    const startedAt = performance.now()
    await collect()
    times.push(performance.now() - startedAt)
  }
  const [first = 0, ...later] = times
  later.sort((a, b) => a - b)
  console.log(
    `${what}: first ${first.toFixed(0)} ms, then ${later[later.length >> 1]?.toFixed(0)} ms, worst ${later.at(-1)?.toFixed(0)} ms`,
  )
}

await measured('Prometheus text', () => prometheusBytes(sources))
const text = prometheusBytes(sources).toString()
const samples = text.split('\n').filter(line => line !== '' && !line.startsWith('#')).length
console.log(
  `${samples} series, ${(text.length / 1e6).toFixed(1)} MB, ${(gzipSync(text, { level: 1 }).length / 1e6).toFixed(1)} MB with gzip`,
)
const startedAt = performance.now()
deflateRawSync(text, { level: 1 })
console.log(`compressing (in another thread when serving): ${(performance.now() - startedAt).toFixed(0)} ms`)
const producer = new SourcesProducer(() => undefined)
producer.show(sources)
await measured('OTLP, collected', () => producer.collect())
const { resourceMetrics } = await producer.collect()
let requestBytes = 0
await measured('OTLP, written', async () => {
  requestBytes = ProtobufMetricsSerializer.serializeRequest(resourceMetrics)?.length ?? 0
})
console.log(`${(requestBytes / 1e6).toFixed(1)} MB in requests of 20,000 points`)
