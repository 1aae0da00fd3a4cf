import { ConnectError, type Logger } from '../../../framework/api/index.ts'
import type { ReaderEvents, Recreation, RetentionGap, Truncation } from '../../../framework/kafka/reader/events.ts'
import type { ReadPartition } from '../../../framework/kafka/reader/partition.ts'
import type { MirroredPartition } from './mirrored-partition.ts'

export interface LossOptions {
  /** `isthmus.source.gap` */
  readonly onLoss: 'continue' | 'fail'
  readonly logger: Logger
  partitionOf(partition: ReadPartition): MirroredPartition
  /** Stops one partition for good. */
  fail(partition: MirroredPartition, error: ConnectError): void
  /** Stored at once: nothing of this partition's present log has been copied, or everything up to `resumeOffset`. */
  restartAt(partition: MirroredPartition, resumeOffset: number): void
}

type LossEvents = Pick<ReaderEvents, 'gap' | 'truncated' | 'recreated'>

/**
 * What the source took away before it could be copied: told apart, counted, said aloud, and answered as `isthmus.source.gap` says.
 * Whatever the source has is copied; what it had and has no more is never passed over in silence.
 */
export const lossEvents = (options: LossOptions): LossEvents => {
  const { onLoss, logger } = options
  const answer = (partition: MirroredPartition, code: string, cause: string): 'continue' | 'stop' => {
    if (onLoss === 'continue') return 'continue'
    const advice = 'isthmus.source.gap = fail stops this partition; set it to continue, or move the stored offset, and restart.'
    options.fail(partition, new ConnectError(code, `${cause}. ${advice}`, { kind: 'partition', stage: 'poll' }))
    return 'stop'
  }
  return {
    gap(read: ReadPartition, { fromOffset, toOffset }: RetentionGap) {
      const partition = options.partitionOf(read)
      const records = toOffset - fromOffset
      const cause = `${partition.label}: offsets ${fromOffset} to ${toOffset - 1} (up to ${records} records) were removed by retention before they were copied`
      partition.lost(records, cause, logger, { code: 'SOURCE_GAP', fromOffset, toOffset })
      return answer(partition, 'SOURCE_GAP', cause)
    },
    truncated(read: ReadPartition, { position, resumeOffset }: Truncation) {
      const partition = options.partitionOf(read)
      const records = position - resumeOffset
      const cause = `${partition.label}: the log was truncated below offset ${position}, up to where it was copied; copying again from offset ${resumeOffset}, where the ${records} records copied from the lost part may differ`
      partition.lost(records, cause, logger, { code: 'SOURCE_TRUNCATED', position, resumeOffset })
      const answered = answer(partition, 'SOURCE_TRUNCATED', cause)
      if (answered === 'continue') options.restartAt(partition, resumeOffset)
      return answered
    },
    recreated(read: ReadPartition, { oldTopicId, newTopicId, position, unread }: Recreation) {
      const partition = options.partitionOf(read)
      const lost =
        unread > 0 ? `${unread} records of the old topic were not copied` : 'nothing known of the old topic was left uncopied'
      const cause = `${partition.label}: the topic was deleted and created again (copied to offset ${position}; ${lost}); copying the new topic from its start`
      partition.recreated(unread, cause, logger, { code: 'SOURCE_RECREATED', oldTopicId, newTopicId, position })
      const answered = answer(partition, 'SOURCE_RECREATED', cause)
      if (answered === 'continue') options.restartAt(partition, 0)
      return answered
    },
  }
}
