import type { Logger } from '../../../framework/api/index.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { TopicAppender } from '../../../framework/kafka/topic-log/appender.ts'
import { describeTopic } from '../../../framework/kafka/topic-log/stable-ends.ts'
import { TopicLog } from '../../../framework/kafka/topic-log.ts'
import type { RunHealth } from '../observe/run-health.ts'
import { OffsetMapWriter } from '../offset-map/offset-map-writer.ts'
import { CopiedOffsets } from './copied-offsets.ts'
import { OffsetSyncWriter } from './offset-sync-writer.ts'

const MISSING_PATIENCE_MS = 30_000

export interface OpenCopiedOffsetsOptions {
  readonly syncsTopic: string
  readonly syncsClient: ClientSettings
  readonly mapTopic: string
  readonly mapClient: ClientSettings
  /** `offset.lag.max` */
  readonly maxOffsetLag: number
  readonly logger: Logger
  /** Told how reading and writing go. */
  readonly runs: RunHealth
  readonly taskId: string
}

/** On real clusters; connects when there is something to read or write. */
export function openCopiedOffsets(options: OpenCopiedOffsetsOptions): CopiedOffsets {
  const { syncsTopic, mapTopic, maxOffsetLag, logger, runs, taskId } = options
  const syncsCluster = new Cluster(options.syncsClient, logger)
  const mapCluster = new Cluster(options.mapClient, logger)
  const missing = { sinceMs: null }
  const appender = new TopicAppender(syncsCluster, syncsTopic, () =>
    describeTopic(syncsCluster, syncsTopic, missing, MISSING_PATIENCE_MS),
  )
  return new CopiedOffsets({
    syncs: new OffsetSyncWriter({
      topic: syncsTopic,
      logger,
      append: (entries, signal) => appender.append(entries, signal),
      health: runs.reporter('writing offset syncs', taskId),
    }),
    map: new OffsetMapWriter({
      topic: mapTopic,
      logger,
      open: (log, signal) => TopicLog.open(mapCluster, log, signal),
      reading: runs.reporter('reading the offset map', taskId),
      writing: runs.reporter('writing the offset map', taskId),
    }),
    maxOffsetLag,
    logger,
    async close() {
      await Promise.all([syncsCluster.close(), mapCluster.close()])
    },
  })
}
