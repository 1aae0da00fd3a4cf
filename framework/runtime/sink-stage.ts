import { ConnectError, type Logger, type SinkRecord, type SinkValue } from '../api/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { DeadLetterQueue } from './dead-letter-queue.ts'
import { DeliveredValue } from './delivered-value.ts'
import type { ErrorConfig } from './record-error-config.ts'
import { recordErrorLog } from './record-error-log.ts'
import { defaultRecordErrorSettings, type RecordErrorCounts } from './record-errors.ts'
import { originOf, type SinkStage } from './sink-reading.ts'

export interface SinkStageOptions {
  readonly taskId: string
  readonly pipeline: RecordPipeline | undefined
  /** Nothing is passed over by default. */
  readonly errors: ErrorConfig | undefined
  /** Undefined = records that cannot be written are not kept. */
  readonly deadLetters: DeadLetterQueue | undefined
  readonly counts: RecordErrorCounts
  readonly logger: Logger
}

/** How a task's records are read, as its connector is configured. */
export const sinkStage = ({ taskId, pipeline, errors, deadLetters, counts, logger }: SinkStageOptions): SinkStage => {
  const { settings = defaultRecordErrorSettings, logging = 'nothing' } = errors ?? {}
  const log = recordErrorLog({ taskId, kind: 'sink', logging, counts, logger })
  return {
    pipeline,
    errors: settings,
    counts,
    storeErrant: async (record, error) => {
      log(originOf(record), error)
      await deadLetters?.write(await bytesOf(record, pipeline), error)
    },
    reporter: logging === 'nothing' && deadLetters === undefined ? 'none' : 'some',
    logger,
  }
}

/** As the log has it, whatever became of it; a record that the task made itself as the converters write it. */
const bytesOf = async (record: SinkRecord | SinkValue, pipeline: RecordPipeline | undefined): Promise<SinkRecord> => {
  if (!('original' in record)) return record
  if (record instanceof DeliveredValue || pipeline === undefined) return record.original
  const [written] = await pipeline.encode([record])
  if (written instanceof ConnectError) throw written
  const { topic, partition } = record.original
  return { ...record.original, ...written, topic, partition }
}
