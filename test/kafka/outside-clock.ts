import type { Arrival } from '../kafka-tool/index.ts'
import type { ReceivedSpan } from './otlp-spans.ts'

/** A batch by both clocks: what the outside clock says is of its last record, in milliseconds. */
export interface Timed {
  /** By the outside clock: from its timestamp until a consumer on the target had it. */
  readonly outside: number
  /** The same from its acknowledgement by the source on. */
  readonly sinceSource: number
  /** By the mirror, from its timestamp and from its arrival there to its acknowledgement by the target. */
  readonly shown: number
  readonly hop: number
  /** From the timestamp of its first record to that of its last. */
  readonly spread: number
  readonly sentMs: number
}

export function timed(arrivals: readonly Arrival[], spans: readonly ReceivedSpan[]): readonly Timed[] {
  const byOffset = new Map(arrivals.map(arrival => [arrival.offset, arrival]))
  return spans.map(({ attributes }) => {
    const [first, last] = ['first', 'last'].map(which => byOffset.get(Number(attributes[`isthmus.source.offset.${which}`])))
    if (first === undefined || last === undefined || last.arrived < 0)
      throw new Error(`not told by both: ${JSON.stringify(attributes)}`)
    const [shown, hop] = ['replication', 'hop'].map(which => Number(attributes[`isthmus.${which}.latency_ms`]))
    const { timestamp, acknowledged, arrived } = last
    return {
      outside: arrived - timestamp,
      sinceSource: arrived - acknowledged,
      shown: shown!,
      hop: hop!,
      spread: timestamp - first.timestamp,
      sentMs: timestamp,
    }
  })
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** How far the median of so many values may be off by chance: twice its standard error, by their quartiles. */
export function chance(values: readonly number[]): number {
  return (2 * 1.25 * (quantile(values, 0.75) - quantile(values, 0.25))) / 1.35 / Math.sqrt(values.length)
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}
