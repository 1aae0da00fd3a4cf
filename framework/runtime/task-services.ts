import type { Logger, SourceOffset, SourcePartition } from '../api/index.ts'
import type { OffsetStore } from '../storage/offset-store.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { EncodeRecords } from './part-encoder.ts'
import type { PartWriter } from './part-writer.ts'
import type { ErrorConfig } from './record-error-config.ts'
import type { SourceTaskSettings } from './settings.ts'
import type { TraceOptions } from './trace-options.ts'

/** What source tasks run on. */
export interface TaskServices {
  readonly offsetStore: OffsetStore
  /** One per task run; closed by the runtime. */
  createWriter(task: { readonly taskId: string; readonly logger: Logger; readonly signal: AbortSignal }): Promise<PartWriter>
  readonly encodeRecords: EncodeRecords
  /** The converters and transforms of one task run, closed by the runtime. Absent = records are bytes, and stay as they are. */
  readonly openPipeline?: (logger: Logger) => Promise<RecordPipeline>
  /** What is done about records that fail in the pipeline; nothing is passed over by default. */
  readonly errors?: ErrorConfig
  readonly settings: SourceTaskSettings
  /** How batches are traced, where the process has a tracer provider when the task starts; absent = they are not. */
  readonly trace?: TraceOptions
  /** Told of each successful commit. */
  readonly onCommitted?: (taskId: string, entries: readonly (readonly [SourcePartition, SourceOffset])[]) => void
}
