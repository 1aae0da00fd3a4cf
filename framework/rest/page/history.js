// An hour of figures per flow: what the process remembers, and what came since the page was opened.
/** @import { HistorySeries, StatusHistory, StatusReport } from '../../api/status-report.ts' */

export const HOUR_MS = 3_600_000

/** @typedef {'lagRecords' | 'recordsPerSecond' | 'hopP50Ms' | 'hopP99Ms'} Figure */
/** @typedef {{ atMs: number, lagRecords: number | null, recordsPerSecond: number | null, hopP50Ms: number | null, hopP99Ms: number | null }} Sample */

export class History {
  /** @type {Map<string, Sample[]>} in order of time */
  #samples = new Map()
  #everyMs = 5_000

  /** Again after the connection was lost, as it knows what was missed. @param {StatusHistory} history */
  load({ everyMs, series }) {
    this.#everyMs = everyMs
    for (const one of series) {
      const samples = samplesOf(one)
      const last = samples.at(-1)?.atMs ?? 0
      const newer = (this.#samples.get(one.name) ?? []).filter(sample => sample.atMs > last)
      this.#samples.set(one.name, [...samples, ...newer])
    }
  }

  /** @param {StatusReport} report */
  add({ atMs, flows, connectors }) {
    const names = new Set()
    for (const flow of flows) {
      names.add(flow.name)
      this.#put(flow.name, {
        atMs,
        lagRecords: flow.lagRecords ?? null,
        recordsPerSecond: flow.recordsPerSecond,
        hopP50Ms: flow.hopLatency?.p50Ms ?? null,
        hopP99Ms: flow.hopLatency?.p99Ms ?? null,
      })
    }
    if (flows.length === 0) {
      for (const { name, lagRecords = null, records } of connectors) {
        names.add(name)
        this.#put(name, {
          atMs,
          lagRecords,
          recordsPerSecond: this.#rates.of(name, atMs, records),
          hopP50Ms: null,
          hopP99Ms: null,
        })
      }
    }
    for (const name of this.#samples.keys()) if (!names.has(name)) this.#samples.delete(name)
  }

  #rates = new Rates()

  /** @param {string} name @returns {readonly Sample[]} */
  of(name) {
    return this.#samples.get(name) ?? []
  }

  /** Longer pauses are gaps. */
  get pauseMs() {
    return Math.max(15_000, 3 * this.#everyMs)
  }

  /** The newest sample follows the stream; those before it are as far apart as the process's own. @param {string} name @param {Sample} sample */
  #put(name, sample) {
    const samples = this.#samples.get(name) ?? []
    const [before, last] = [samples.at(-2), samples.at(-1)]
    if (last !== undefined && last.atMs >= sample.atMs) return
    if (before !== undefined && last !== undefined && last.atMs - before.atMs < this.#everyMs) samples.pop()
    samples.push(sample)
    const old = samples.findIndex(one => one.atMs >= sample.atMs - HOUR_MS)
    if (old > 0) samples.splice(0, old)
    this.#samples.set(name, samples)
  }
}

/** Connectors tell how many records, not how fast. */
class Rates {
  /** @type {Map<string, { atMs: number, records: number, perSecond: number | null }>} */
  #last = new Map()

  /** @param {string} name @param {number} atMs @param {number} records */
  of(name, atMs, records) {
    const last = this.#last.get(name)
    if (last !== undefined && atMs - last.atMs < 900) return last.perSecond
    const perSecond =
      last === undefined || records < last.records ? null : ((records - last.records) * 1_000) / (atMs - last.atMs)
    this.#last.set(name, { atMs, records, perSecond })
    return perSecond
  }
}

/** @param {HistorySeries} series @returns {Sample[]} */
function samplesOf(series) {
  return series.atMs.map((atMs, i) => ({
    atMs,
    lagRecords: series.lagRecords[i] ?? null,
    recordsPerSecond: series.recordsPerSecond[i] ?? null,
    hopP50Ms: series.hopP50Ms[i] ?? null,
    hopP99Ms: series.hopP99Ms[i] ?? null,
  }))
}
