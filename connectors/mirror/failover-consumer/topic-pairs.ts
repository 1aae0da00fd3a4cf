import type { ReplicationPolicy } from '../../../policies/index.ts'

/** A log that is consumed, under its name on either cluster. */
export interface TopicPair {
  /** As the application calls it. */
  readonly original: string
  /** Alias of the cluster where its records were written; null where the policy keeps names. */
  readonly origin: string | null
  /** By alias. */
  readonly names: Readonly<Record<string, string>>
}

/**
 * What a group consumes: each topic of both clusters, under its own name where it was written and as a copy on the other cluster.
 * @param policyOf the policy, configured for the flow from that cluster
 */
export function topicPairs(
  topics: readonly string[],
  [a, b]: readonly [string, string],
  policyOf: (source: string) => ReplicationPolicy,
): readonly TopicPair[] {
  return topics.flatMap((original): readonly TopicPair[] => {
    const fromA = policyOf(a).formatRemoteTopic(a, original)
    const fromB = policyOf(b).formatRemoteTopic(b, original)
    if (fromA === original && fromB === original) return [{ original, origin: null, names: { [a]: original, [b]: original } }]
    return [
      { original, origin: a, names: { [a]: original, [b]: fromA } },
      { original, origin: b, names: { [a]: fromB, [b]: original } },
    ]
  })
}

/** Whether copies carry the names of their originals, so that nothing tells the two apart. */
export const keepsNames = (pairs: readonly TopicPair[]): boolean => pairs.some(({ origin }) => origin === null)
