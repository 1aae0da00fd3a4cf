import { ConnectError } from '../../api/index.ts'
import { describeTopicConfigs } from '../admin/configs.ts'
import type { Cluster } from '../cluster.ts'
import type { ProducedPartition } from '../protocol/produce.ts'
import type { SendBatch } from './lane.ts'

const origin = (batch: SendBatch, index: number): string => {
  let before = 0
  for (const { part, from, count } of batch.slices) {
    if (index < before + count) {
      const within = from + index - before
      return part.records.origin?.(within) ?? `record ${within} of a batch`
    }
    before += count
  }
  return 'a record'
}

/** `stops`: the partition takes no more. `leaves out`: all but this record. */
type Consequence = 'stops' | 'leaves out'

const advice = (hint: string, consequence: Consequence): string =>
  consequence === 'stops' ? `${hint}, then restart. Nothing after this record was copied.` : `${hint}. The record is left out.`

const hint = (code: string): string => {
  if (code === 'TOPIC_AUTHORIZATION_FAILED') return ' Grant WRITE on the topic to the target user'
  if (code === 'INVALID_RECORD')
    return ' A compacted topic takes no record without a key: check cleanup.policy of the target topic'
  if (code === 'CORRUPT_MESSAGE' || code === 'BATCH_CORRUPT')
    return ' Its checksum does not fit: the record batch is damaged on the source'
  if (code === 'INVALID_TIMESTAMP')
    return ' Raise message.timestamp.before.max.ms or message.timestamp.after.max.ms of the target topic'
  return ' See the target broker’s log'
}

/** Why a record is not written: which one of which source, what the target said, and what to do. */
export const refusal = (
  batch: SendBatch,
  error: ConnectError,
  result: ProducedPartition | null,
  consequence: Consequence = 'stops',
): ConnectError => {
  const bad = result?.recordErrors[0]
  const detail = bad?.message ?? result?.errorMessage
  const { topic, partition } = batch.lane
  return new ConnectError(
    error.code,
    `${topic}-${partition} on the target refused ${origin(batch, bad?.batchIndex ?? 0)}: ${error.code}${detail ? ` (${detail})` : ''}.` +
      advice(hint(error.code), consequence),
    { kind: 'partition', stage: 'produce', cause: error },
  )
}

/** Why a single record is too large for the target, with its size and the limit in force there. */
export const tooLarge = async (
  cluster: Cluster,
  batch: SendBatch,
  cause: ConnectError,
  consequence: Consequence,
): Promise<ConnectError> => {
  const { topic, partition } = batch.lane
  const limit = await limitOf(cluster, topic)
  return new ConnectError(
    'MESSAGE_TOO_LARGE',
    `${topic}-${partition} on the target refused ${origin(batch, 0)}: the record takes ${batch.bytes.length} bytes and ` +
      `max.message.bytes of the target topic is ${limit}.${advice(' Raise it there', consequence)}`,
    { kind: 'partition', stage: 'produce', cause },
  )
}

const limitOf = async (cluster: Cluster, topic: string): Promise<string> => {
  try {
    const configs = await describeTopicConfigs(cluster, [topic])
    return configs.get(topic)?.find(({ name }) => name === 'max.message.bytes')?.value ?? 'unknown'
  } catch (error) {
    return `unknown (${(error as Error).message})`
  }
}
