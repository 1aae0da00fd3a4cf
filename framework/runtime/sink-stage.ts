import type { Logger } from '../api/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { ErrorConfig } from './record-error-config.ts'
import { recordErrorLog } from './record-error-log.ts'
import { defaultRecordErrorSettings, type RecordErrorCounts } from './record-errors.ts'
import { originOf, type SinkStage } from './sink-reading.ts'

export interface SinkStageOptions {
  readonly taskId: string
  readonly pipeline: RecordPipeline | undefined
  /** Nothing is passed over by default. */
  readonly errors: ErrorConfig | undefined
  readonly counts: RecordErrorCounts
  readonly logger: Logger
}

/** How a task's records are read, as its connector is configured. */
export const sinkStage = ({ taskId, pipeline, errors, counts, logger }: SinkStageOptions): SinkStage => {
  const { settings = defaultRecordErrorSettings, logging = 'nothing' } = errors ?? {}
  const log = recordErrorLog({ taskId, kind: 'sink', logging, counts, logger })
  return {
    pipeline,
    errors: settings,
    counts,
    storeErrant: async (record, error) => log(originOf(record), error),
    reporter: logging === 'nothing' ? 'none' : 'some',
    logger,
  }
}
