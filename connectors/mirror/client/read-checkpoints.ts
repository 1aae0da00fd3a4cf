import { ConnectError } from '../../../framework/api/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import { TopicLog, type TopicLogRecord } from '../../../framework/kafka/topic-log.ts'
import { type Checkpoint, checkpointFormat } from '../formats/index.ts'

/** Where a group should go on in one partition. */
export interface RemoteOffset {
  /** Name on the cluster that the client talks to. */
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** As the group committed it; '' = none. */
  readonly metadata: string
}

/**
 * The last checkpoint of each partition of a group, ordered by topic and partition. Records that are no checkpoints are logged and passed
 * over; deleted checkpoints do not count.
 * @throws ConnectError CHECKPOINTS_MISSING, CHECKPOINTS_TIMEOUT, or the broker's reason
 */
export async function readCheckpoints(
  cluster: Cluster,
  topic: string,
  group: string,
  timeoutMs: number,
): Promise<readonly RemoteOffset[]> {
  const checkpoints = await readGroupCheckpoints(cluster, topic, group, timeoutMs)
  return checkpoints.map(({ topic, partition, downstreamOffset, metadata }) => ({
    topic,
    partition,
    offset: downstreamOffset,
    metadata,
  }))
}

/** The same, with the offsets on the cluster that the group comes from. */
export async function readGroupCheckpoints(
  cluster: Cluster,
  topic: string,
  group: string,
  timeoutMs: number,
): Promise<readonly Checkpoint[]> {
  const found = new Map<string, Checkpoint>()
  const onRecord = (record: TopicLogRecord): void => {
    const key = checkpointFormat.decodeKey(topic, record)
    if (key.group !== group) return
    const checkpoint = checkpointFormat.decode(topic, record)
    const at = `${key.topic}-${key.partition}`
    if (checkpoint === null) found.delete(at)
    else found.set(at, checkpoint)
  }
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    await retrying(cluster, `looking for topic ${topic}`, () => assertExists(cluster, topic), { signal: limit })
    const log = await TopicLog.open(cluster, { topic, onRecord }, limit)
    await log.close()
  } catch (cause) {
    if (!(cause instanceof ConnectError) || cause.code !== 'ABORTED') throw cause
    const message = `${topic} could not be read to its end within ${timeoutMs} ms: older checkpoints would be taken for the last ones; give it more time`
    throw new ConnectError('CHECKPOINTS_TIMEOUT', message, { kind: 'retriable', stage: 'poll', cause })
  }
  return [...found.values()].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0) || a.partition - b.partition)
}

/** A topic that does not exist would be waited for. */
async function assertExists(cluster: Cluster, topic: string): Promise<void> {
  if ((await cluster.describeTopics([topic])).has(topic)) return
  const servers = cluster.settings.bootstrapServers.join(',')
  const message = `there is no topic ${topic} on ${servers}: check the alias and the replication policy, and that the flow to this cluster writes checkpoints (emit.checkpoints.enabled)`
  throw new ConnectError('CHECKPOINTS_MISSING', message, { kind: 'configuration', stage: 'discovery' })
}
