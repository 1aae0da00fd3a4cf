import { interval, type Subscription } from 'rxjs'
import type { HistorySeries, Logger, StatusHistory, StatusReport } from '../api/index.ts'
import { Seldom } from '../flow/index.ts'

const EVERY_MS = 5_000
/** One hour. */
const KEPT = 720
/** Flows, or connectors, that are followed: those of the first report that names them. */
const MAX_SERIES = 100

interface Sample {
  readonly name: string
  readonly lagRecords?: number
  readonly recordsPerSecond: number | null
  readonly hopLatency?: { readonly p50Ms: number; readonly p99Ms: number }
}

export interface StatusRecorderOptions {
  readonly status: () => StatusReport
  readonly logger: Logger
}

/** Keeps a sample of each flow, or of each connector where there are no flows, for an hour. */
export class StatusRecorder {
  readonly #options: StatusRecorderOptions
  readonly #series = new Map<string, Series>()
  readonly #errors = new Seldom()
  /** Of connectors, to make rates of. */
  #before: { readonly atMs: number; readonly records: ReadonlyMap<string, number> } = { atMs: 0, records: new Map() }
  #ticks: Subscription | undefined

  constructor(options: StatusRecorderOptions) {
    this.#options = options
  }

  start(): void {
    const error = (cause: unknown): void => this.#options.logger.error({ error: cause }, 'No history is kept any more')
    this.#ticks = interval(EVERY_MS).subscribe({ next: () => this.#sample(), error })
  }

  close(): void {
    this.#ticks?.unsubscribe()
  }

  history(): StatusHistory {
    return { everyMs: EVERY_MS, series: [...this.#series.values()].map(series => series.report()) }
  }

  /** Public for tests: `start` calls it. */
  add(report: StatusReport): void {
    const { atMs, flows } = report
    for (const sample of flows.length > 0 ? flows : this.#connectorSamples(report)) {
      let series = this.#series.get(sample.name)
      if (series === undefined && this.#series.size >= MAX_SERIES) continue
      if (series === undefined) {
        series = new Series(sample.name)
        this.#series.set(sample.name, series)
      }
      series.add(atMs, sample)
    }
    for (const [name, series] of this.#series) if (atMs - series.lastMs > KEPT * EVERY_MS) this.#series.delete(name)
  }

  #sample(): void {
    try {
      this.add(this.#options.status())
    } catch (error) {
      this.#options.logger[this.#errors.level('error')]({ error }, 'The status could not be told')
    }
  }

  #connectorSamples({ atMs, connectors }: StatusReport): readonly Sample[] {
    const before = this.#before
    const seconds = (atMs - before.atMs) / 1000
    this.#before = { atMs, records: new Map(connectors.map(({ name, records }) => [name, records])) }
    return connectors.map(({ name, records, lagRecords }) => {
      const known = before.records.get(name)
      const recordsPerSecond = known === undefined || seconds <= 0 ? null : Math.max(0, records - known) / seconds
      return { name, recordsPerSecond, ...(lagRecords !== undefined && { lagRecords }) }
    })
  }
}

/** All lists have the same length. */
class Series {
  readonly #name: string
  readonly #atMs: number[] = []
  readonly #lagRecords: (number | null)[] = []
  readonly #recordsPerSecond: (number | null)[] = []
  readonly #hopP50Ms: (number | null)[] = []
  readonly #hopP99Ms: (number | null)[] = []

  constructor(name: string) {
    this.#name = name
  }

  get lastMs(): number {
    return this.#atMs.at(-1) ?? 0
  }

  add(atMs: number, { lagRecords, recordsPerSecond, hopLatency }: Sample): void {
    const lists: readonly (readonly [(number | null)[], number | null | undefined])[] = [
      [this.#atMs as (number | null)[], atMs],
      [this.#lagRecords, lagRecords],
      [this.#recordsPerSecond, recordsPerSecond],
      [this.#hopP50Ms, hopLatency?.p50Ms],
      [this.#hopP99Ms, hopLatency?.p99Ms],
    ]
    for (const [list, value] of lists) {
      list.push(value ?? null)
      if (list.length > KEPT) list.shift()
    }
  }

  report(): HistorySeries {
    return {
      name: this.#name,
      atMs: this.#atMs,
      lagRecords: this.#lagRecords,
      recordsPerSecond: this.#recordsPerSecond,
      hopP50Ms: this.#hopP50Ms,
      hopP99Ms: this.#hopP99Ms,
    }
  }
}
