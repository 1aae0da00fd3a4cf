import { hostname } from 'node:os'
import { ConnectError, type Logger, type SourceConnector } from '../../../framework/api/index.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { GroupMember } from '../../../framework/kafka/group-member.ts'
import { KafkaWriter } from '../../../framework/kafka/writer/writer.ts'
import { defaultSourceTaskSettings, type TaskServices } from '../../../framework/runtime/index.ts'
import { KafkaOffsetStore } from '../../../framework/storage/kafka-offset-store.ts'
import { dataProducerSettings, type MirrorFlow } from '../config/index.ts'
import type { ClosableOffsetStore, FlowServices } from './flow-services.ts'

export interface KafkaFlowOptions {
  readonly flow: MirrorFlow
  readonly createConnector: () => SourceConnector
  readonly logger: Logger
  /** `isthmus/0.1.0`: tells other members of the group who we are. */
  readonly program: string
}

/** What Connect's records of a mirror's offsets hold; ours beside it has the topic's id too. */
const STANDARD_FIELDS = ['offset']

/** A flow between two real clusters. */
export function kafkaFlowServices({ flow, createConnector, logger, program }: KafkaFlowOptions): FlowServices {
  const { worker, sourceConfig, clients } = flow
  const config = flow.connectors.MirrorSourceConnector
  const target = new Cluster(clients.worker, logger)
  const windowBytes = sourceConfig['isthmus.window.bytes']
  return {
    logger,
    name: flow.name,
    connectorName: sourceConfig.name,
    connectorConfig: config,
    maxTasks: sourceConfig['tasks.max'],
    settings: {
      ...defaultSourceTaskSettings,
      windowBytes,
      permitBytes: Math.min(windowBytes, sourceConfig['isthmus.fetch.max.bytes']),
      flushIntervalMs: worker.offsetFlushIntervalMs,
      flushTimeoutMs: worker.offsetFlushTimeoutMs,
      gracefulTimeoutMs: worker.taskShutdownGracefulTimeoutMs,
    },
    createConnector,
    reach: side => (side === 'target' ? askBrokers(target) : reachSource(clients.sourceAdmin, logger)),
    join: signal =>
      GroupMember.join(
        target,
        {
          groupId: worker.groupId,
          sessionTimeoutMs: worker.sessionTimeoutMs,
          rebalanceTimeoutMs: worker.rebalanceTimeoutMs,
          heartbeatIntervalMs: worker.heartbeatIntervalMs,
          clientInfo: `${program} on ${hostname()}, process ${process.pid}`,
        },
        signal,
      ),
    openOffsets: signal => openOffsets(flow, target, signal),
    createWriter: task => createWriter(flow, task),
    async close() {
      target.close().catch((error: unknown) => logger.debug({ error }, 'Closing the connections to the target failed'))
    },
  }
}

/** A broker that wants another security protocol takes the connection and ends it at the first request. */
async function askBrokers(cluster: Cluster): Promise<void> {
  await cluster.describeTopics([])
}

/** On a connection of its own: those of the connector and its tasks are theirs. */
async function reachSource(settings: ClientSettings, logger: Logger): Promise<void> {
  const cluster = new Cluster(settings, logger)
  try {
    await askBrokers(cluster)
  } finally {
    await cluster.close()
  }
}

async function openOffsets(flow: MirrorFlow, cluster: Cluster, signal: AbortSignal): Promise<ClosableOffsetStore> {
  const { worker, sourceConfig, target } = flow
  const options = {
    topic: worker.offsetStorageTopic,
    connectorName: sourceConfig.name,
    replicationFactor: worker.offsetStorageReplicationFactor,
    partitions: worker.offsetStoragePartitions,
    configs: worker.storageTopicSettings.offset,
    standardFields: STANDARD_FIELDS,
  }
  try {
    return await KafkaOffsetStore.open(cluster, options, signal)
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== 'INVALID_REPLICATION_FACTOR') throw error
    const key = `offset.storage.replication.factor = ${options.replicationFactor}`
    const message = `${key}: ${error.message}; cluster ${target} has fewer brokers: set it to 1, or to -1 for the brokers' default`
    throw new ConnectError(error.code, message, { kind: 'configuration', stage: 'start', cause: error })
  }
}

async function createWriter(flow: MirrorFlow, task: Parameters<TaskServices['createWriter']>[0]): Promise<KafkaWriter> {
  const index = Number(task.taskId.slice(task.taskId.lastIndexOf('-') + 1))
  const { client, writer } = dataProducerSettings(flow.workerProperties, flow.connectors.MirrorSourceConnector, index)
  const cluster = new Cluster(client, task.logger)
  try {
    return await KafkaWriter.open(cluster, task.signal, writer)
  } catch (error) {
    await cluster.close()
    throw error
  }
}
