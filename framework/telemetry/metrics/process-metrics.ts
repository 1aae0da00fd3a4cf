import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metric, MetricSink, MetricSource } from '../../api/index.ts'

const RESOLUTION_MS = 20
const NONE = {}

const gauge = (name: string, unit: string, doc: string): Metric => ({ name, kind: 'gauge', unit, labels: [], doc })

/** Under the names that dashboards for Node.js know. */
export const processMetrics = {
  cpu: {
    name: 'process_cpu_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: [],
    doc: 'Processor time of this process.',
  },
  started: gauge('process_start_time_seconds', 'seconds', 'When this process began, since the epoch.'),
  resident: gauge('process_resident_memory_bytes', 'bytes', 'Memory of this process.'),
  heap: gauge('nodejs_heap_size_used_bytes', 'bytes', 'Heap in use.'),
  external: gauge('nodejs_external_memory_bytes', 'bytes', 'Memory outside of the heap, that of record batches above all.'),
  loopMean: gauge(
    'nodejs_eventloop_lag_mean_seconds',
    'seconds',
    'How late timers ran on average since the last look, beyond what was asked.',
  ),
  loopP99: gauge('nodejs_eventloop_lag_p99_seconds', 'seconds', 'The same for the latest 1 % of them.'),
  loopMax: gauge('nodejs_eventloop_lag_max_seconds', 'seconds', 'The same for the latest.'),
} as const satisfies Readonly<Record<string, Metric>>

/** Processor, memory and event loop of this process. Close it at the end. */
export class ProcessMetrics implements MetricSource {
  readonly metrics = Object.values(processMetrics)
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  constructor() {
    this.#delay.enable()
  }

  collect(to: MetricSink): void {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, external } = process.memoryUsage()
    to.add(processMetrics.cpu, NONE, (user + system) / 1e6)
    to.add(processMetrics.started, NONE, performance.timeOrigin / 1000)
    to.add(processMetrics.resident, NONE, rss)
    to.add(processMetrics.heap, NONE, heapUsed)
    to.add(processMetrics.external, NONE, external)
    to.add(processMetrics.loopMean, NONE, lateness(this.#delay.mean))
    to.add(processMetrics.loopP99, NONE, lateness(this.#delay.percentile(99)))
    to.add(processMetrics.loopMax, NONE, lateness(this.#delay.max))
    this.#delay.reset()
  }

  close(): void {
    this.#delay.disable()
  }
}

/** The histogram has the whole of each interval, in nanoseconds. */
function lateness(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000) : 0
}
