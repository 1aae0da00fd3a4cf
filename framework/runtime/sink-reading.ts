import { ConnectError, type ErrantRecordReporter, type Logger, type SinkRecord, type SinkValue } from '../api/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import { DeliveredValue } from './delivered-value.ts'
import { messageOf, toConnectError } from './errors.ts'
import { type RecordErrorCounts, type RecordErrorSettings, RecordErrors } from './record-errors.ts'
import type { QueuedBatch } from './sink-batch.ts'
import type { SinkLane } from './sink-lane.ts'
import type { SinkLanes } from './sink-lanes.ts'

/** Keeps a record that is given up, with the reason. Resolves when it is safe; a rejection fails the task, unless it is retriable: the task stops. */
export type StoreErrant = (record: SinkRecord | SinkValue, error: ConnectError) => Promise<void>

/** How the records of a sink task are read, and what is done about those that fail, there or in the task. */
export interface SinkStage {
  /** Undefined = the task reads bytes, and cannot read values. */
  readonly pipeline: RecordPipeline | undefined
  readonly errors: RecordErrorSettings
  readonly counts: RecordErrorCounts
  readonly storeErrant: StoreErrant
  /** `none`: the task fails by itself instead of reporting a record. */
  readonly reporter: 'none' | 'some'
  readonly logger: Logger
}

export interface SinkReadingOptions extends SinkStage {
  readonly taskId: string
  /** Of the task: who failed where the task reports a record. */
  readonly className: string
  readonly lanes: Pick<SinkLanes, 'find'>
  readonly fail: (error: ConnectError) => void
  /** A report that was under way is safe. */
  readonly onReported: () => void
  /** Records of a batch went through converters and transforms. */
  readonly onConverted: (ms: number) => void
}

const NEVER = new AbortController().signal

/** Makes values of the bytes of one task's batches, and takes its reports. What fails here fails the task, also where the task ignores it. */
export class SinkReading {
  readonly errantRecords: ErrantRecordReporter | null
  readonly #options: SinkReadingOptions

  constructor(options: SinkReadingOptions) {
    this.#options = options
    this.errantRecords = options.reporter === 'none' ? null : this.#reporter()
  }

  /** Bytes would pass by them. */
  get hasTransforms(): boolean {
    return this.#options.pipeline?.hasTransforms ?? false
  }

  /** Without records that are dropped or passed over. Rejects with `ConnectError`, retriable where an end of the lane interrupts it. */
  async values(batch: QueuedBatch, records: readonly SinkRecord[]): Promise<readonly SinkValue[]> {
    const { taskId, pipeline, fail, onConverted } = this.#options
    try {
      if (pipeline === undefined) throw noConverters(taskId)
      const errors = this.#errors<SinkRecord>(batch.signal, () => batch.lane)
      const startedAt = performance.now()
      const settled = await errors.settle(records, some => pipeline.toValues(some))
      onConverted(performance.now() - startedAt)
      return valuesOf(records, settled)
    } catch (error) {
      const failure = toConnectError(error, 'CONVERSION_FAILED', 'value-converter', `Converting ${batch} in task ${taskId}`)
      if (!failure.retriable) fail(failure)
      throw failure
    }
  }

  #reporter(): ErrantRecordReporter {
    const { lanes, fail, onReported, className, taskId } = this.#options
    const laneOf = (record: SinkRecord | SinkValue): SinkLane | undefined => lanes.find(originOf(record))
    const errors = this.#errors(NEVER, laneOf)
    return {
      report: (record, error) => {
        const report = errors.reportErrant(record, refused(originOf(record), error, className))
        report.catch((cause: unknown) => {
          const failure = toConnectError(cause, 'REPORT_FAILED', 'deliver', `Reporting a record of task ${taskId}`)
          if (!failure.retriable) fail(failure)
        })
        track(laneOf(record), report, onReported)
        return report
      },
    }
  }

  /** @param laneOf whose offsets wait for the report of a record */
  #errors<T extends SinkRecord | SinkValue>(signal: AbortSignal, laneOf: (record: T) => SinkLane | undefined): RecordErrors<T> {
    const { taskId, errors: settings, counts, logger, storeErrant, onReported } = this.#options
    const report = (record: T, error: ConnectError): Promise<void> => {
      const storing = storeErrant(record, error)
      track(laneOf(record), storing, onReported)
      return storing
    }
    return new RecordErrors<T>({ taskId, settings, counts, logger, signal, report })
  }
}

/** The record as the log has it: where it stands, whatever transforms say. */
export function originOf(record: SinkRecord | SinkValue): SinkRecord | SinkValue {
  return 'original' in record ? record.original : record
}

function valuesOf(
  records: readonly SinkRecord[],
  outcomes: readonly (ConstructorParameters<typeof DeliveredValue>[0] | null)[],
): readonly SinkValue[] {
  const values: SinkValue[] = []
  for (let i = 0; i < outcomes.length; i++) {
    const converted = outcomes[i]
    if (converted != null) values.push(new DeliveredValue(converted, records[i]!))
  }
  return values
}

function track(lane: SinkLane | undefined, report: Promise<void>, onReported: () => void): void {
  if (lane === undefined) return
  const { reports } = lane
  reports.add(report)
  const done = (): void => {
    reports.delete(report)
    onReported()
  }
  report.then(done, () => undefined)
}

function refused({ topic, partition, offset }: SinkRecord | SinkValue, cause: unknown, className: string): ConnectError {
  const message = `the task cannot take the record ${topic}/${partition}/${offset}: ${messageOf(cause)}`
  return new ConnectError('RECORD_REFUSED', message, { kind: 'fatal', stage: 'deliver', className, cause })
}

function noConverters(taskId: string): ConnectError {
  const message = `Task ${taskId} asks for values, but no converters are configured: set key.converter and value.converter, for the connector or the worker; or read bytes, with records()`
  return new ConnectError('NO_CONVERTERS', message, { kind: 'fatal', stage: 'value-converter' })
}
