import type { Logger, SinkPartition, SinkTaskContext } from '../api/index.ts'
import type { SinkLane } from './sink-lane.ts'
import type { SinkPipeline } from './sink-pipeline.ts'

export interface SinkContextOptions {
  readonly taskId: string
  readonly config: Readonly<Record<string, string>>
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly pipeline: SinkPipeline
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
    errantRecords: pipeline.errantRecords,
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
