/** The consumer settings that a byte-copying reader knows, under their Kafka names. */
export interface ReaderSettings {
  /** `isolation.level`: read_committed drops the records of aborted transactions. */
  readonly isolation: 'read_committed' | 'read_uncommitted'
  /** `fetch.max.wait.ms` */
  readonly maxWaitMs: number
  /** `fetch.min.bytes` */
  readonly minBytes: number
  /** `fetch.max.bytes`: of one response. Two per source broker may be held beside what was handed out. */
  readonly maxBytes: number
  /** `max.partition.fetch.bytes` */
  readonly partitionMaxBytes: number
  /** `client.rack` */
  readonly rack: string
}

export const defaultReaderSettings: ReaderSettings = {
  isolation: 'read_committed',
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 4 * 1024 * 1024,
  partitionMaxBytes: 1024 * 1024,
  rack: '',
}
