import type { BackoffOptions } from '../flow/index.ts'
import type { OffsetReset } from '../kafka/consumer-group/start-positions.ts'
import { defaultReaderSettings, type ReaderSettings } from '../kafka/reader/settings.ts'

export type AssignorName = 'range' | 'cooperative-sticky'

/** How a worker runs sink tasks. Times in milliseconds; Kafka's names where there are any. */
export interface SinkTaskSettings {
  /** Bytes read and not acknowledged, per task; a quarter may come on top, and as much twice per broker on its way. */
  readonly windowBytes: number
  /** Bytes that one batch holds at most, unless a single record batch is larger. */
  readonly batchBytes: number
  /** `max.poll.records`: of one batch, unless a single record batch has more. */
  readonly maxRecords: number
  /** How often what is acknowledged is committed. */
  readonly commitIntervalMs: number
  /** `offset.flush.interval.ms`: how often a task that holds back is asked to write. */
  readonly flushIntervalMs: number
  /** `offset.flush.timeout.ms`: for a commit. */
  readonly flushTimeoutMs: number
  /** `task.shutdown.graceful.timeout.ms`: one budget for draining, the last commit and closing. */
  readonly gracefulTimeoutMs: number
  /** Before `deliver` is called again after a retriable error. */
  readonly redelivery: BackoffOptions
  /** `auto.offset.reset` */
  readonly offsetReset: OffsetReset
  /** `isolation.level`; unlike Java's consumer read_committed by default. */
  readonly isolation: ReaderSettings['isolation']
  /** `partition.assignment.strategy`, best first. */
  readonly assignors: readonly AssignorName[]
  /** `session.timeout.ms` */
  readonly sessionTimeoutMs: number
  /** `max.poll.interval.ms`: how long a rebalance waits for this member; a task has three quarters of it to finish what it has begun. */
  readonly rebalanceTimeoutMs: number
  /** `heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number
}

export const defaultSinkTaskSettings: SinkTaskSettings = {
  windowBytes: 16 * 1024 * 1024,
  batchBytes: 1024 * 1024,
  maxRecords: 500,
  commitIntervalMs: 1_000,
  flushIntervalMs: 60_000,
  flushTimeoutMs: 5_000,
  gracefulTimeoutMs: 5_000,
  redelivery: { initialMs: 300, maxMs: 60_000 },
  offsetReset: 'earliest',
  isolation: 'read_committed',
  assignors: ['range', 'cooperative-sticky'],
  sessionTimeoutMs: 45_000,
  rebalanceTimeoutMs: 300_000,
  heartbeatIntervalMs: 3_000,
}

/** Responses small enough that one more than the window holds makes no difference. */
export const sinkReaderSettings = ({ isolation, windowBytes }: SinkTaskSettings, rack = ''): ReaderSettings => {
  const { maxBytes, partitionMaxBytes } = defaultReaderSettings
  const share = Math.ceil(windowBytes / 4)
  return {
    ...defaultReaderSettings,
    isolation,
    rack,
    maxBytes: Math.min(maxBytes, share),
    partitionMaxBytes: Math.min(partitionMaxBytes, share),
  }
}

/** `connect-<connector name>`, as Kafka Connect has it. */
export const sinkGroupId = (connectorName: string): string => `connect-${connectorName}`
