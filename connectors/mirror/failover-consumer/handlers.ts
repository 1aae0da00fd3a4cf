import type { AppConsumerHandlers, EachBatchPayload, EachMessagePayload } from '../../../framework/kafka/kafkajs/index.ts'
import type { TopicPair } from './topic-pairs.ts'

/** Where a record came from, beyond what kafkajs tells. */
export interface RecordSource {
  /** Alias of the cluster that it was read from. */
  readonly cluster: string
  /** The topic as it is called where its records are written; kafkajs' `topic` is the name on `cluster`. */
  readonly originalTopic: string
  /** Alias of the cluster where it was written; null where the policy keeps names, so that nothing tells. */
  readonly origin: string | null
}

export interface FailoverMessagePayload extends EachMessagePayload, RecordSource {}
export interface FailoverBatchPayload extends EachBatchPayload, RecordSource {}

export interface FailoverHandlers {
  readonly eachMessage?: (payload: FailoverMessagePayload) => Promise<void>
  readonly eachBatch?: (payload: FailoverBatchPayload) => Promise<void>
}

/** An application's handlers for the consumer of one cluster. */
export function handlersOn(
  cluster: string,
  pairs: readonly TopicPair[],
  { eachMessage, eachBatch }: FailoverHandlers,
): AppConsumerHandlers {
  const sources = new Map(
    pairs.map(({ original, origin, names }) => [names[cluster], { cluster, originalTopic: original, origin }] as const),
  )
  const sourceOf = (topic: string): RecordSource => sources.get(topic) ?? { cluster, originalTopic: topic, origin: null }
  if (eachBatch !== undefined) return { eachBatch: payload => eachBatch({ ...payload, ...sourceOf(payload.batch.topic) }) }
  if (eachMessage !== undefined) return { eachMessage: payload => eachMessage({ ...payload, ...sourceOf(payload.topic) }) }
  return {}
}
