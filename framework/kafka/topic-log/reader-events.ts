import type { ConnectError, Logger } from '../../api/index.ts'
import type { ReaderEvents } from '../reader/events.ts'
import type { ReadPartition } from '../reader/partition.ts'

/** Shorter outages, and the moments in which a new topic is not known everywhere, are nothing to tell an operator about. */
const WARN_AFTER_MS = 2_000

export interface LogChanges {
  /** What lay between is gone: compacted or expired, nothing unusual in a table. */
  jumped(partition: ReadPartition, from: number, to: number): void
  /** The log was cut off, or the topic created again: reading goes on from an earlier place. */
  rewound(partition: ReadPartition, to: number): void
  failed(partition: ReadPartition, error: ConnectError): void
}

/** Follows the log wherever it goes on; tells of an outage once, when it lasts and when all partitions flow again. */
export const readerEvents = (logger: Logger, topic: string, changes: LogChanges): ReaderEvents => {
  const troubled = new Set<ReadPartition>()
  let sinceMs = 0
  let warned = false
  const retrying = (partition: ReadPartition, cause: ConnectError): void => {
    if (troubled.size === 0) {
      sinceMs = performance.now()
      warned = false
    }
    troubled.add(partition)
    const level = !warned && performance.now() - sinceMs > WARN_AFTER_MS ? 'warn' : 'debug'
    warned ||= level === 'warn'
    logger[level](
      { topic, partition: partition.partition, err: cause },
      `${partition.name} cannot be read at present, trying again: ${cause.message}`,
    )
  }
  const flowing = (partition: ReadPartition): void => {
    if (troubled.delete(partition) && troubled.size === 0 && warned) logger.info({ topic }, `Topic ${topic} is read again`)
  }
  return {
    gap: (partition, { fromOffset, toOffset }) => {
      changes.jumped(partition, fromOffset, toOffset)
      return 'continue'
    },
    truncated: (partition, { position, resumeOffset }) => {
      logger.warn(
        { topic, partition: partition.partition, position, resumeOffset },
        `${partition.name} was cut off at offset ${resumeOffset}, below ${position}: reading on from there`,
      )
      changes.rewound(partition, resumeOffset)
      return 'continue'
    },
    recreated: (partition, { oldTopicId, newTopicId }) => {
      logger.warn(
        { topic, partition: partition.partition, oldTopicId, newTopicId },
        `Topic ${topic} was deleted and created again: what was known from it is kept, reading on from the start`,
      )
      changes.rewound(partition, 0)
      return 'continue'
    },
    retrying,
    flowing,
    failed: (partition, error) => {
      troubled.delete(partition)
      changes.failed(partition, error)
    },
    measured: () => undefined,
  }
}
