import type { PartitionEntry } from '../../../framework/runtime/index.ts'
import { LatencyHistogram } from '../../../framework/telemetry/metrics/index.ts'

export interface FlowRates {
  /** Acknowledged by the target since the start of the process. */
  readonly records: number
  readonly bytes: number
  /** Over the last seconds. */
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  /** Time on the way through here over the last seconds; absent when nothing came through. */
  readonly hop?: { readonly p50Ms: number; readonly p99Ms: number }
}

/** Samples kept: rates are over this many intervals. */
const SAMPLES = 5

interface Sample {
  readonly atMs: number
  readonly records: number
  readonly bytes: number
  /** Of the interval that this sample ends. */
  readonly latency: LatencyHistogram
}

/** Turns counters that only grow into rates over the last few samples. */
export class FlowMeter {
  /** Time on the way through here, of all that came through up to the last sample. */
  readonly #hop = new LatencyHistogram()
  #samples: Sample[] = []
  /** Last seen of each partition: what a partition counted stays counted when nobody owns it for a while. */
  readonly #seen = new WeakMap<PartitionEntry, { records: number; bytes: number }>()
  #records = 0
  #bytes = 0

  /** Takes a sample. The entries' latencies are emptied. */
  sample(entries: Iterable<PartitionEntry>, atMs = performance.now()): void {
    const latency = new LatencyHistogram()
    for (const entry of entries) {
      this.#count(entry)
      if (entry.latency.count === 0) continue
      latency.add(entry.latency)
      this.#hop.add(entry.latency)
      entry.latency.reset()
    }
    this.#samples.push({ atMs, records: this.#records, bytes: this.#bytes, latency })
    if (this.#samples.length > SAMPLES + 1) this.#samples.shift()
  }

  /** Time on the way through here, of all that came through until now. */
  hop(entries: Iterable<PartitionEntry>): LatencyHistogram {
    const hop = new LatencyHistogram()
    hop.add(this.#hop)
    for (const { latency } of entries) if (latency.count > 0) hop.add(latency)
    return hop
  }

  rates(): FlowRates {
    const [first, ...later] = this.#samples
    const last = later.at(-1)
    const totals = { records: this.#records, bytes: this.#bytes }
    if (first === undefined || last === undefined) return { ...totals, recordsPerSecond: 0, bytesPerSecond: 0 }
    const seconds = (last.atMs - first.atMs) / 1000
    const latency = new LatencyHistogram()
    for (const sample of later) latency.add(sample.latency)
    return {
      ...totals,
      recordsPerSecond: (last.records - first.records) / seconds,
      bytesPerSecond: (last.bytes - first.bytes) / seconds,
      ...(latency.count === 0 ? {} : { hop: { p50Ms: latency.quantileMs(0.5), p99Ms: latency.quantileMs(0.99) } }),
    }
  }

  #count(entry: PartitionEntry): void {
    const { records, bytes } = entry
    let seen = this.#seen.get(entry)
    if (seen === undefined) {
      seen = { records: 0, bytes: 0 }
      this.#seen.set(entry, seen)
    }
    this.#records += records - seen.records
    this.#bytes += bytes - seen.bytes
    seen.records = records
    seen.bytes = bytes
  }
}
