import { ConnectError } from '../../../framework/api/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { TopicLog, type TopicLogRecord } from '../../../framework/kafka/topic-log.ts'
import { type Checkpoint, checkpointFormat } from '../formats/index.ts'
import { type GroupChoice, refuseUnknown, type StandingGroup } from './read-groups.ts'

export interface CheckpointChoice extends GroupChoice {
  /** Name on the source of a topic of the target. */
  readonly sourceTopic: (topic: string) => string
}

/**
 * Groups as their last checkpoints have them, whoever wrote these. Records that are no checkpoints are logged and passed over.
 * @throws ConnectError CHECKPOINTS_MISSING, or the broker's reason; ConfigError for groups that have none
 */
export async function checkpointedGroups(
  cluster: Cluster,
  topic: string,
  signal: AbortSignal,
  { named, accepts, sourceTopic }: CheckpointChoice,
): Promise<readonly StandingGroup[]> {
  const byGroup = await readLast(cluster, topic, signal)
  refuseUnknown(named, [...byGroup.keys()].sort(), `the checkpoints in ${topic}`)
  return [...byGroup]
    .filter(([group]) => (named.length > 0 ? named.includes(group) : accepts(group)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, checkpoints]) => ({
      group,
      state: null,
      offsets: checkpoints.map(({ topic: name, partition, upstreamOffset, downstreamOffset, metadata }) => ({
        topic: sourceTopic(name),
        partition,
        offset: upstreamOffset,
        metadata,
        checkpointed: downstreamOffset,
      })),
    }))
}

async function readLast(
  cluster: Cluster,
  topic: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Checkpoint[]>> {
  if (!(await cluster.describeTopics([topic])).has(topic)) {
    const message = `there is no topic ${topic}, which would tell where the groups stood: the flow must have run with emit.checkpoints.enabled`
    throw new ConnectError('CHECKPOINTS_MISSING', message, { kind: 'configuration', stage: 'discovery' })
  }
  const found = new Map<string, Map<string, Checkpoint>>()
  const onRecord = (record: TopicLogRecord): void => {
    const key = checkpointFormat.decodeKey(topic, record)
    const checkpoint = checkpointFormat.decode(topic, record)
    const ofGroup = found.get(key.group) ?? new Map<string, Checkpoint>()
    found.set(key.group, ofGroup)
    const at = `${key.topic}-${key.partition}`
    if (checkpoint === null) ofGroup.delete(at)
    else ofGroup.set(at, checkpoint)
  }
  const log = await TopicLog.open(cluster, { topic, onRecord }, signal)
  await log.close()
  return new Map([...found].map(([group, checkpoints]) => [group, [...checkpoints.values()]]))
}
