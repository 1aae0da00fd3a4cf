import { type Cluster, check } from '../cluster.ts'
import { initProducerId } from '../protocol/producer-id.ts'
import { retrying } from '../retry.ts'

/** What makes a producer idempotent: the broker drops what it has already seen under this id, epoch and sequence. */
export interface ProducerIdentity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** Without a transactional id any broker gives one out, and the timeout counts for nothing. */
const UNUSED_TIMEOUT_MS = 60_000

/** A coordinator that loads is soon done. */
const LOADING_DELAY_MS = 50

/** A fresh producer id from the cluster. A broker that has just started answers COORDINATOR_LOAD_IN_PROGRESS for a while. */
export const newProducerIdentity = (cluster: Cluster, signal: AbortSignal): Promise<ProducerIdentity> =>
  retrying(
    cluster,
    'getting a producer id',
    async () => {
      const response = await cluster.request(initProducerId, { transactionalId: null, transactionTimeoutMs: UNUSED_TIMEOUT_MS })
      check(response.errorCode, 'getting a producer id', 'produce')
      return { producerId: response.producerId, producerEpoch: response.producerEpoch }
    },
    { signal, maxDelayMs: LOADING_DELAY_MS },
  )
