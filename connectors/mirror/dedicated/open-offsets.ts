import { ConnectError } from '../../../framework/api/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { KafkaOffsetStore } from '../../../framework/storage/kafka-offset-store.ts'
import type { HeartbeatFlow, MirrorFlow } from '../config/index.ts'
import type { ClosableOffsetStore } from './flow-services.ts'

/** What Connect's records of a mirror's offsets hold; ours beside it has the topic's id too. */
const STANDARD_FIELDS = ['offset']

/**
 * The source offsets that a flow stores, those of its source connector; creates their topic where it is missing.
 * @param cluster the flow's target
 */
export async function openOffsets(
  flow: MirrorFlow | HeartbeatFlow,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<ClosableOffsetStore> {
  const { worker, connectors, target } = flow
  const options = {
    topic: worker.offsetStorageTopic,
    connectorName: connectors.MirrorSourceConnector.name ?? '',
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
