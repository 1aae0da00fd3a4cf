import type { ErrorReport, StatusEvent } from '../../api/index.ts'

const KEPT = 200
/** What comes again sooner than this after the last time is the same event. */
const PAUSE_MS = 60_000
/** Partitions of one kind of trouble that have events of their own at a time: a cluster that goes away is trouble of thousands. */
const OWN_EVENTS = 10

export type NewEvent = Pick<StatusEvent, 'severity' | 'kind' | 'message' | 'connector' | 'partition' | 'code'>

/** What happened lately, and the last thing that went wrong, however long ago. */
export class StatusEvents {
  /** The latest last. */
  readonly #events = new Map<string, StatusEvent>()
  /** Partitions that have an event of their own, by the kind of trouble. */
  readonly #bursts = new Map<string, { readonly partitions: Set<string>; lastMs: number }>()
  #lastError: ErrorReport | undefined
  #ended = 0

  /** Undefined = nothing ever went wrong. */
  get lastError(): ErrorReport | undefined {
    return this.#lastError
  }

  add(event: NewEvent, atMs: number = Date.now()): void {
    const { severity, kind, code, message } = event
    if (severity !== 'ok') this.#lastError = { code: code ?? kind, message, atMs }
    const told = this.#ownOrShared(event, atMs)
    const key = JSON.stringify([kind, severity, code, told.connector, told.partition])
    const before = this.#events.get(key)
    this.#events.delete(key)
    const isRepeat = before !== undefined && atMs - before.lastMs < PAUSE_MS
    if (before !== undefined && !isRepeat) this.#keepEnded(before)
    const [firstMs, count] = isRepeat ? [before.firstMs, before.count + 1] : [atMs, 1]
    this.#events.set(key, { ...told, firstMs, lastMs: atMs, count })
    this.#forgetOldest()
  }

  /** The latest first. */
  list(): readonly StatusEvent[] {
    return [...this.#events.values()].reverse()
  }

  /** Beyond the first few partitions of a burst the others share an event. */
  #ownOrShared(event: NewEvent, atMs: number): NewEvent {
    const { partition, ...shared } = event
    if (partition === undefined) return event
    const kind = JSON.stringify([event.kind, event.severity, event.code, event.connector])
    const known = this.#bursts.get(kind)
    const burst = known !== undefined && atMs - known.lastMs < PAUSE_MS ? known : { partitions: new Set<string>(), lastMs: atMs }
    burst.lastMs = atMs
    this.#bursts.delete(kind)
    this.#bursts.set(kind, burst)
    if (burst.partitions.has(partition)) return event
    if (burst.partitions.size >= OWN_EVENTS)
      return { ...shared, message: `and other partitions, the latest ${partition}: ${event.message}` }
    burst.partitions.add(partition)
    return event
  }

  /** In its place in time: it is older than all that came since. */
  #keepEnded(event: StatusEvent): void {
    const later = [...this.#events].filter(([, { lastMs }]) => lastMs > event.lastMs)
    for (const [key] of later) this.#events.delete(key)
    this.#events.set(`ended ${this.#ended++}`, event)
    for (const [key, one] of later) this.#events.set(key, one)
  }

  #forgetOldest(): void {
    for (const events of [this.#events, this.#bursts]) {
      const [oldest] = events.keys()
      if (events.size > KEPT && oldest !== undefined) events.delete(oldest)
    }
  }
}
