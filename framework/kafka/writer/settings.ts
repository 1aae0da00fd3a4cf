export interface WriterSettings {
  /** `acks`: -1 = all in-sync replicas. */
  readonly acks: -1 | 1
  /** How long the broker may wait for its replicas. */
  readonly timeoutMs: number
  /** A request is closed at this size; a single larger batch still goes, alone. `max.request.size` */
  readonly maxRequestBytes: number
}

export const defaultWriterSettings: WriterSettings = { acks: -1, timeoutMs: 30_000, maxRequestBytes: 1024 * 1024 }
