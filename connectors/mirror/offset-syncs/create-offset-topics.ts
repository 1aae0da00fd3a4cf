import { defer, type Observable, retry, timer } from 'rxjs'
import type { Logger } from '../../../framework/api/index.ts'
import { Seldom } from '../../../framework/flow/index.ts'
import { createCompactedTopic } from '../../../framework/kafka/admin/topics.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { RunReporter } from '../observe/run-health.ts'

const RETRY_MS = 10_000

export interface OffsetTopic {
  readonly cluster: Cluster
  readonly name: string
  readonly replicationFactor: number
}

/** Creates the topics, compacted and of one partition, where there are none. Copying does not wait: failures are tried again every 10 s, and shown once a minute. */
export function createOffsetTopics(topics: readonly OffsetTopic[], logger: Logger, health: RunReporter): Observable<unknown> {
  let left = topics
  const errors = new Seldom()
  const createAll = async (): Promise<void> => {
    const outcomes = await Promise.allSettled(
      left.map(({ cluster, ...topic }) => createCompactedTopic(cluster, { ...topic, partitions: 1 })),
    )
    const failed = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ topic: left[i]!, error: outcome.reason }] : [],
    )
    left = failed.map(({ topic }) => topic)
    const messages: string[] = []
    for (const { topic, error } of failed) {
      const { name, replicationFactor } = topic
      const advice = `offset-syncs.topic.replication.factor = ${replicationFactor} must not exceed the number of brokers; or create the topic by hand`
      const message = `Topic ${name} cannot be created, to be tried again: ${(error as Error).message}. Copying goes on without it (${advice})`
      logger[errors.level('error')]({ err: error, topic: name }, message)
      messages.push(message)
    }
    health.ended(messages)
    if (failed.length > 0) throw failed[0]?.error
  }
  return defer(createAll).pipe(retry({ delay: () => timer(RETRY_MS) }))
}
