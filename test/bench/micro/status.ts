/**
 * What one report costs with five thousand partitions and a thousand groups in fifty partitions each: the time between the batches that are being
 * copied, once a second while somebody reads. Prints the milliseconds of the thread's CPU for the first and
 * the middle of later reports, and what is sent.
 */
import {
  FlowObservations,
  mirrorReport,
  type ObservedGroup,
  type ReportedFlow,
} from '../../../connectors/mirror/observe/index.ts'
import { PartitionRegistry, RecordErrorCounts } from '../../../framework/runtime/index.ts'
import { LatencyHistogram } from '../../../framework/telemetry/metrics/index.ts'

const PARTITIONS = 5_000
const TASKS = 10
const GROUPS = 1_000
const ROUNDS = 25

const registry = new PartitionRegistry()
const tasks = Array.from({ length: TASKS }, (_, i) => `MirrorSourceConnector-${i}`)
const entries = Array.from({ length: PARTITIONS }, (_, i) => {
  const entry = registry.claim({ cluster: 'A', topic: `orders-${i >> 3}`, partition: i & 7 }, tasks[i % TASKS]!)
  entry.copying()
  return entry
})

const worker: ReportedFlow['worker'] = () => ({
  connectors: [
    {
      name: 'MirrorSourceConnector',
      state: 'RUNNING',
      sinceMs: 0,
      restarts: 0,
      totals: registry.totals(),
      kind: 'source',
      retries: registry.retries,
      tasks: tasks.map(taskId => ({
        taskId,
        state: 'RUNNING',
        sinceMs: 0,
        restarts: 0,
        commitFailures: 0,
        lastCommitMs: 0,
        lastActivityMs: 0,
        usedBytes: 0,
        windowBytes: 1,
        totals: registry.totalsOf(taskId),
        recordErrors: new RecordErrorCounts(),
        partitions: registry.ownedBy(taskId),
      })),
    },
  ],
})

const offsets = Array.from({ length: 50 }, (_, partition) => ({
  topic: 'A.orders',
  partition,
  exactness: 'exact' as const,
  sourceOffset: 1,
  targetOffset: 1,
  latency: undefined,
}))
const groups = Array.from({ length: GROUPS }, (_, i): ObservedGroup => {
  const counts = () => ({ exact: offsets.filter(({ exactness }) => exactness === 'exact').length, low: 0, none: 0 })
  return { name: `group-${i}`, cause: undefined, counts, offsets: () => offsets }
})

const observations = new FlowObservations()
observations.show({ groups: () => groups, sync: () => ({ refused: 0 }) })
const progress = { state: 'RUNNING', sinceMs: 0, records: 0, bytes: 0, recordsPerSecond: 0, bytesPerSecond: 0 }
const flow: ReportedFlow = {
  name: 'A->B',
  role: 'copy',
  source: 'A',
  target: 'B',
  connector: 'MirrorSourceConnector',
  observations,
  hop: () => new LatencyHistogram(),
  figures: () => ({ ...progress, lagRecords: 0 }),
  progress: () => progress,
  entries: () => entries,
  worker,
  clusters: () => new Map(),
}

const report = () => JSON.stringify(mirrorReport({ program: 'isthmus/bench', startedMs: 0, flows: [flow] }))

function measured(what: string, change: (round: number) => void): void {
  const times: number[] = []
  let text = ''
  for (let round = 0; round < ROUNDS; round++) {
    change(round)
    const before = process.threadCpuUsage()
    text = report()
    const { user, system } = process.threadCpuUsage(before)
    times.push((user + system) / 1000)
  }
  const [first = 0, ...later] = times
  later.sort((a, b) => a - b)
  const [middle = 0, worst = 0] = [later[later.length >> 1], later.at(-1)]
  console.log(
    `${what}: first ${first.toFixed(1)} ms, then ${middle.toFixed(1)} ms, worst ${worst.toFixed(1)} ms; ${(text.length / 1e3).toFixed(0)} kB`,
  )
}

measured('all copy', round => {
  for (const [i, entry] of entries.entries()) {
    entry.acked(100 + i, 10_000 + i)
    entry.lagRecords = (i * 7_919 + round) % PARTITIONS
    entry.waitingSinceMs = Date.now()
    entry.replicationLatency.record(i, i + 10, performance.now())
  }
})
measured('all wait', () => {
  for (const entry of entries) entry.retrying('the target is away', 'target', 'CONNECT_FAILED')
})
