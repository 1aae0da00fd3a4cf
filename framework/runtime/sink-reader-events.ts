import { ConnectError, type Logger } from '../api/index.ts'
import type { OffsetReset } from '../kafka/consumer-group/start-positions.ts'
import type { ReaderEvents } from '../kafka/reader/events.ts'
import type { ReadPartition } from '../kafka/reader/partition.ts'
import type { ReaderSettings } from '../kafka/reader/settings.ts'
import { besideSpan } from '../telemetry/index.ts'
import type { SinkLane } from './sink-lane.ts'

export interface SinkReaderEventsOptions {
  readonly taskId: string
  /** `none`: records that are gone fail their partition. Else reading goes on, and they are counted and told of. */
  readonly offsetReset: OffsetReset
  readonly isolation: ReaderSettings['isolation']
  readonly logger: Logger
  /** Undefined when the partition is not read for it any more. */
  readonly laneOf: (partition: ReadPartition) => SinkLane | undefined
  readonly failLane: (lane: SinkLane, error: ConnectError) => void
}

/** What a reader says, on the partitions of a sink task: never a silent jump. */
export const sinkReaderEvents = (options: SinkReaderEventsOptions): ReaderEvents => {
  const { taskId, offsetReset, logger, laneOf, failLane } = options
  /** @param count of records lost; 0 = unknown */
  const lost = (partition: ReadPartition, code: string, what: string, tell: (lane: SinkLane) => void): 'continue' | 'stop' => {
    const lane = laneOf(partition)
    if (lane === undefined) return 'stop'
    if (offsetReset === 'none') {
      const message = `${what}, and auto.offset.reset is none: set the group's offset, or choose earliest or latest`
      failLane(lane, new ConnectError(code, message, { kind: 'partition', stage: 'poll' }))
      return 'stop'
    }
    tell(lane)
    besideSpan(lane.entry.events.span, () => logger.warn({ code, partition: partition.name }, `Task ${taskId}: ${what}`))
    return 'continue'
  }
  return {
    gap: (partition, { fromOffset, toOffset }) => {
      const count = toOffset - fromOffset
      const what = `${count} records of ${partition.name}, from offset ${fromOffset} on, are gone from the log: it begins at ${toOffset}`
      return lost(partition, 'OFFSET_GAP', what, lane => lane.entry.gap(count, what))
    },
    truncated: (partition, { position, resumeOffset }) => {
      const what = `${partition.name} was cut off below offset ${position}: it is read again from ${resumeOffset}`
      return lost(partition, 'LOG_TRUNCATED', what, lane => lane.entry.gap(0, what))
    },
    recreated: (partition, { unread }) => {
      const what = `Topic ${partition.topic} was deleted and created again, ${unread} records of ${partition.name} were never read: it is read from its start`
      return lost(partition, 'TOPIC_RECREATED', what, lane => lane.entry.recreated(what, unread))
    },
    retrying: (partition, cause) => laneOf(partition)?.entry.retrying(cause.message, 'source', cause.code),
    flowing: partition => laneOf(partition)?.entry.flowing('source'),
    failed: (partition, error) => {
      const lane = laneOf(partition)
      if (lane !== undefined) failLane(lane, error)
    },
    measured: partition => {
      const lane = laneOf(partition)
      const { lastStableOffset, highWatermark } = partition
      lane?.measure(options.isolation === 'read_committed' && lastStableOffset >= 0 ? lastStableOffset : highWatermark)
    },
  }
}
