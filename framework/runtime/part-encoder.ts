import {
  ConnectError,
  type ConnectRecord,
  type EncodedRecords,
  type Logger,
  type SourcePart,
  type SourceRecord,
} from '../api/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { RecordErrorLogging } from './record-error-config.ts'
import { type RecordPlace, recordErrorLog } from './record-error-log.ts'
import { type RecordErrorCounts, type RecordErrorSettings, RecordErrors } from './record-errors.ts'

/**
 * Groups records by target partition, one or more batches each; a promise where a topic has to be looked up or created first. Throws or rejects with
 * `ConnectError`: kind `partition` fails the source partition only; retriable ones once the signal aborts.
 */
export type EncodeRecords = (
  records: readonly SourceRecord[],
  signal: AbortSignal,
) => readonly EncodedRecords[] | Promise<readonly EncodedRecords[]>

/** Converters and transforms of a task, and what is done about records that fail in them. */
export interface RecordStage {
  readonly pipeline: RecordPipeline
  readonly errors: RecordErrorSettings
  readonly logging: RecordErrorLogging
  readonly counts: RecordErrorCounts
  readonly logger: Logger
}

export interface PartEncoderOptions {
  readonly taskId: string
  readonly encodeRecords: EncodeRecords
  /** Absent = bytes are written as they are, and values cannot be. */
  readonly stage?: RecordStage
  /** Aborted when the task is to stop: nothing is tried again. */
  readonly signal: AbortSignal
}

const NO_RECORDS: readonly EncodedRecords[] = []

interface Settlers {
  readonly pipeline: RecordPipeline
  readonly values: RecordErrors<ConnectRecord>
  readonly bytes: RecordErrors<SourceRecord>
  readonly written: RecordErrors<RecordPlace>
}

/** Makes record batches of the parts of one task. Encoded parts pass as they are where there are no transforms. */
export class PartEncoder {
  readonly #options: PartEncoderOptions
  readonly #stage: Settlers | undefined
  readonly #one: EncodedRecords[] = []

  constructor(options: PartEncoderOptions) {
    this.#options = options
    this.#stage = options.stage && settlers(options, options.stage)
  }

  /** The result counts until the next call. */
  encode({ records }: SourcePart): readonly EncodedRecords[] | Promise<readonly EncodedRecords[]> {
    if (!isList(records)) {
      if (this.#stage?.pipeline.leaves(records.topic) === false) return this.#rewriteBatch(this.#stage, records)
      this.#one[0] = records
      return this.#one
    }
    if (records.length === 0) return NO_RECORDS
    if (isValues(records)) return this.#convert(records)
    if (this.#stage?.pipeline.hasTransforms) return this.#rewrite(this.#stage, records)
    return this.#options.encodeRecords(records, this.#options.signal)
  }

  /** Whether records that the target will never take are passed over. */
  get passesOver(): boolean {
    return this.#options.stage?.errors.tolerance === 'all'
  }

  /** The target will never take this record. Resolves when it is counted and logged. */
  async passedOver(record: RecordPlace, error: ConnectError): Promise<void> {
    await this.#stage?.written.reportErrant(record, error)
  }

  async #convert(records: readonly ConnectRecord[]): Promise<readonly EncodedRecords[]> {
    if (this.#stage === undefined) throw noConverters(this.#options.taskId)
    const { values, pipeline } = this.#stage
    return this.#encode(await values.settle(records, some => pipeline.toBytes(some)))
  }

  async #rewriteBatch(transforming: Settlers, batch: EncodedRecords): Promise<readonly EncodedRecords[]> {
    const rewritten = await this.#rewrite(transforming, batch.records())
    batch.release?.()
    return rewritten
  }

  async #rewrite({ bytes, pipeline }: Settlers, records: readonly SourceRecord[]): Promise<readonly EncodedRecords[]> {
    return this.#encode(await bytes.settle(records, some => pipeline.rewrite(some)))
  }

  #encode(settled: readonly (SourceRecord | null)[]): readonly EncodedRecords[] | Promise<readonly EncodedRecords[]> {
    const records = settled.includes(null) ? settled.filter(record => record !== null) : (settled as readonly SourceRecord[])
    return records.length === 0 ? NO_RECORDS : this.#options.encodeRecords(records, this.#options.signal)
  }
}

function settlers({ taskId, signal }: PartEncoderOptions, stage: RecordStage): Settlers {
  const { pipeline, errors: settings, counts, logger } = stage
  const log = recordErrorLog({ ...stage, taskId, kind: 'source' })
  const report = async (record: RecordPlace, error: ConnectError): Promise<void> => log(record, error)
  const options = { taskId, settings, counts, logger, signal, report }
  return {
    pipeline,
    values: new RecordErrors<ConnectRecord>(options),
    bytes: new RecordErrors<SourceRecord>(options),
    written: new RecordErrors<RecordPlace>(options),
  }
}

function isList(records: SourcePart['records']): records is readonly SourceRecord[] | readonly ConnectRecord[] {
  return Array.isArray(records)
}

function isValues(records: readonly SourceRecord[] | readonly ConnectRecord[]): records is readonly ConnectRecord[] {
  return 'valueSchema' in records[0]!
}

function noConverters(taskId: string): ConnectError {
  const message = `Task ${taskId} emitted values, but the services it runs on have no converters: give them openPipeline, or emit bytes`
  return new ConnectError('NO_CONVERTERS', message, { kind: 'fatal', stage: 'value-converter' })
}
