import type { ConnectError, Logger } from '../../api/index.ts'
import type { ReaderEvents } from '../reader/events.ts'
import type { ReadPartition } from '../reader/partition.ts'

export interface LogChanges {
  /** What lay between is gone: compacted or expired, nothing unusual in a table. */
  jumped(partition: ReadPartition, from: number, to: number): void
  /** The log was cut off, or the topic created again: reading goes on from an earlier place. */
  rewound(partition: ReadPartition, to: number): void
  failed(partition: ReadPartition, error: ConnectError): void
}

/** Follows the log wherever it goes on; tells of an outage once, when it begins and when all partitions flow again. */
export const readerEvents = (logger: Logger, topic: string, changes: LogChanges): ReaderEvents => {
  const troubled = new Set<ReadPartition>()
  const recovered = (partition: ReadPartition): void => {
    if (troubled.delete(partition) && troubled.size === 0) logger.info({ topic }, `Topic ${topic} is read again`)
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
    retrying: (partition, cause) => {
      const first = troubled.size === 0
      troubled.add(partition)
      logger[first ? 'warn' : 'debug'](
        { topic, partition: partition.partition, err: cause },
        `${partition.name} cannot be read at present, trying again: ${cause.message}`,
      )
    },
    flowing: recovered,
    failed: (partition, error) => {
      troubled.delete(partition)
      changes.failed(partition, error)
    },
    measured: () => undefined,
  }
}
