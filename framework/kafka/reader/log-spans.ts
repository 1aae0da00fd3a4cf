import { BrokerError } from '../client-errors.ts'
import type { Cluster } from '../cluster.ts'
import { type At, EARLIEST, type Isolation, LATEST, ledBy, listAt } from './log-range.ts'

/** Where a log begins and ends; -1 = not known at present. */
export interface LogSpan {
  readonly start: number
  readonly end: number
}

const UNKNOWN: LogSpan = { start: -1, end: -1 }

/** Where logs begin and end now, in the order of the partitions. A topic that may not be read, or a broker that is away, hides its own alone. */
export const listLogSpans = async (
  cluster: Cluster,
  partitions: readonly Omit<At, 'leaderId'>[],
  isolation: Isolation,
): Promise<readonly LogSpan[]> => {
  await describe(cluster, [...new Set(partitions.map(({ topic }) => topic))])
  const at = ledBy(cluster, partitions)
  const spans = new Map<At, LogSpan>()
  const list = async (leaderId: number, of: readonly At[]): Promise<void> => {
    const [starts, ends] = await Promise.all([
      listAt(cluster, leaderId, of, EARLIEST),
      listAt(cluster, leaderId, of, LATEST, isolation),
    ])
    for (const [i, partition] of of.entries()) {
      spans.set(partition, { start: starts[i]?.offset ?? -1, end: ends[i]?.offset ?? -1 })
    }
  }
  const asked = [...Map.groupBy(at, ({ leaderId }) => leaderId)]
    .filter(([leaderId]) => leaderId >= 0)
    .map(([leaderId, of]) => list(leaderId, of))
  tellFailures(cluster, await Promise.allSettled(asked))
  return at.map(partition => spans.get(partition) ?? UNKNOWN)
}

/** All topics at once, or one by one where that fails for one of them. */
const describe = async (cluster: Cluster, topics: readonly string[]): Promise<void> => {
  try {
    await cluster.describeTopics(topics)
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    tellFailures(cluster, await Promise.allSettled(topics.map(topic => cluster.describeTopics([topic]))))
  }
}

const tellFailures = ({ logger }: Cluster, outcomes: readonly PromiseSettledResult<unknown>[]): void => {
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected')
      logger.debug({ error: outcome.reason }, 'The offsets of some logs are not known at present')
  }
}
