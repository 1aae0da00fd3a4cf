import { ConnectError } from '../../api/index.ts'
import { type Cluster, check, type PartitionMetadata, type TopicMetadata } from '../cluster.ts'
import { listOffsets } from '../protocol/offsets.ts'

const CONSUMER_REPLICA_ID = -1
const ANY_EPOCH = -1
const READ_COMMITTED = 1
const LATEST = -1

/** The last stable offset of each partition as of now. Rejects when one of them has no leader or its leader does not answer. */
export const stableEnds = async (cluster: Cluster, topic: TopicMetadata): Promise<ReadonlyMap<number, number>> => {
  const byLeader = Map.groupBy(topic.partitions, ({ leaderId }) => leaderId)
  const answers = await Promise.all(
    [...byLeader].map(([leaderId, partitions]) => endsOf(cluster, topic.name, leaderId, partitions)),
  )
  return new Map(answers.flat())
}

const endsOf = async (
  cluster: Cluster,
  topic: string,
  leaderId: number,
  partitions: readonly PartitionMetadata[],
): Promise<[number, number][]> => {
  if (leaderId < 0) {
    const numbers = partitions.map(({ partition }) => partition).join(',')
    throw new ConnectError('LEADER_NOT_AVAILABLE', `${topic} has no leader for partition ${numbers}`, {
      kind: 'retriable',
      stage: 'poll',
    })
  }
  const connection = await cluster.connection(leaderId, 'control')
  const response = await connection.send(listOffsets, {
    replicaId: CONSUMER_REPLICA_ID,
    isolationLevel: READ_COMMITTED,
    topics: [
      {
        name: topic,
        partitions: partitions.map(({ partition }) => ({ partition, currentLeaderEpoch: ANY_EPOCH, timestamp: LATEST })),
      },
    ],
  })
  return (response.topics[0]?.partitions ?? []).map(({ partition, errorCode, offset }) => {
    check(errorCode, `asking for the end of ${topic}-${partition}`, 'poll')
    return [partition, offset]
  })
}

/**
 * The topic's metadata, fresh. A missing topic is waited for, as one just created takes a moment to be known to every broker;
 * rejects with TOPIC_MISSING (fatal) once it has been missing for `patienceMs`.
 */
export const describeTopic = async (
  cluster: Cluster,
  name: string,
  missing: { sinceMs: number | null },
  patienceMs: number,
): Promise<TopicMetadata> => {
  const topic = (await cluster.describeTopics([name])).get(name)
  if (topic !== undefined && topic.partitions.length > 0) {
    missing.sinceMs = null
    return topic
  }
  missing.sinceMs ??= performance.now()
  const gone = performance.now() - missing.sinceMs > patienceMs
  throw new ConnectError(
    gone ? 'TOPIC_MISSING' : 'UNKNOWN_TOPIC_OR_PARTITION',
    `topic ${name} does not exist on ${cluster.settings.bootstrapServers.join(',')}, or may not be described: create it, or grant DESCRIBE on it`,
    { kind: gone ? 'fatal' : 'retriable', stage: 'discovery' },
  )
}
