import type { ErrantRecordReporter, Logger, SinkPartition, SinkRecord, SinkTaskContext } from '../api/index.ts'
import { toConnectError } from './errors.ts'
import type { SinkLane } from './sink-lane.ts'
import { partitionOf } from './sink-lanes.ts'
import type { SinkPipeline } from './sink-pipeline.ts'

/** Stores a record that a sink could not take, with the error. Resolves when it is safe. */
export type StoreErrant = (record: SinkRecord, error: unknown) => Promise<void>

export interface SinkContextOptions {
  readonly taskId: string
  readonly config: Readonly<Record<string, string>>
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly pipeline: SinkPipeline
  /** Null = the task has no reporter. */
  readonly storeErrant: StoreErrant | null
  /** Reads a lane from another place; the lane is empty. */
  readonly seek: (lane: SinkLane, offset: number) => void
  readonly requestCommit: () => void
}

/** What a sink task sees of the runtime. */
export const sinkContext = (options: SinkContextOptions): SinkTaskContext => {
  const { taskId, config, logger, signal, pipeline, seek, requestCommit } = options
  return {
    taskId,
    config,
    logger,
    signal,
    get assignment(): readonly SinkPartition[] {
      return pipeline.lanes.partitions
    },
    errantRecords: options.storeErrant === null ? null : errantReporter(pipeline, options.storeErrant, taskId),
    pause: partitions => pipeline.pausePartitions(partitions, true),
    resume: partitions => pipeline.pausePartitions(partitions, false),
    seek: (partition, offset) => {
      const lane = pipeline.lanes.get(partition)
      pipeline.restart(lane)
      seek(lane, offset)
    },
    requestCommit,
    partitionFailed: ({ topic, partition }, error) => {
      const lane = pipeline.lanes.get({ topic: String(topic), partition: Number(partition) })
      pipeline.failLane(lane, error)
    },
  }
}

const errantReporter = (pipeline: SinkPipeline, store: StoreErrant, taskId: string): ErrantRecordReporter => ({
  report: (record, error) => {
    const reports = pipeline.lanes.find(partitionOf(record))?.reports
    const report = store(record, error)
    reports?.add(report)
    report.then(
      () => reports?.delete(report),
      (cause: unknown) =>
        pipeline.fail(toConnectError(cause, 'REPORT_FAILED', 'deliver', `Reporting a record of task ${taskId}`)),
    )
    return report
  },
})
