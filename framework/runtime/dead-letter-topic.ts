import { ConnectError } from '../api/index.ts'
import { createNewTopics } from '../kafka/admin/topics.ts'
import { type Cluster, check } from '../kafka/cluster.ts'
import { ErrorCode } from '../kafka/protocol/error-codes.ts'
import { retrying } from '../kafka/retry.ts'
import type { DeadLetterSettings } from './dead-letter-config.ts'
import { messageOf } from './errors.ts'

/** How long a topic that has been created may take to be known to the broker that is asked. */
const APPEARANCE_MS = 15_000

/**
 * Creates the topic with one partition where it is missing; the cluster knows it afterwards. Goes on trying while the cluster cannot be asked.
 * Rejects with ConnectError DEAD_LETTER_TOPIC when it cannot be had.
 * @param signal aborted = give up
 */
export async function haveDeadLetterTopic(cluster: Cluster, settings: DeadLetterSettings, signal: AbortSignal): Promise<void> {
  const { topic } = settings
  const look = () => cluster.describeTopics([topic])
  if ((await retrying(cluster, `looking up the dead-letter topic ${topic}`, look, { signal })).has(topic)) return
  try {
    await retrying(cluster, `creating the dead-letter topic ${topic}`, () => create(cluster, settings), { signal })
    const appears = async (): Promise<void> => {
      if (!(await look()).has(topic)) throw missing(topic)
    }
    await retrying(cluster, `waiting for the dead-letter topic ${topic}`, appears, { signal, timeoutMs: APPEARANCE_MS })
  } catch (cause) {
    if (signal.aborted) throw cause
    const { replicationFactor } = settings
    const message = `The dead-letter topic ${topic} is missing and cannot be created with replication factor ${replicationFactor}: ${messageOf(cause).replace(/\.$/, '')}. Create it, or set errors.deadletterqueue.topic.replication.factor to what the cluster can have`
    throw new ConnectError('DEAD_LETTER_TOPIC', message, { kind: 'fatal', stage: 'start', cause })
  }
}

async function create(cluster: Cluster, { topic, replicationFactor }: DeadLetterSettings): Promise<void> {
  const [result] = await createNewTopics(cluster, [{ name: topic, partitions: 1, replicationFactor, configs: {} }])
  if (result === undefined || result.errorCode === ErrorCode.TOPIC_ALREADY_EXISTS) return
  check(result.errorCode, `creating topic ${topic}`, 'start', result.errorMessage)
}

function missing(topic: string): ConnectError {
  return new ConnectError('TOPIC_MISSING', `there is no topic ${topic}`, { kind: 'retriable', stage: 'start' })
}
