import type { Subscription, TopicPartition } from './wire.ts'

export interface SubscribedMember {
  readonly memberId: string
  readonly subscription: Subscription
}

/** By member id. */
export type Assignments = ReadonlyMap<string, readonly TopicPartition[]>

/**
 * How a group's leader shares out the partitions. `eager`: every member gives back all it has before it joins again.
 * `cooperative`: members keep what they have; a partition that moves is given back first and given out in the next round.
 */
export interface Assignor {
  /** As Java's assignors are called on the wire. */
  readonly name: string
  /** The best that members of this assignor understand. */
  readonly rebalance: 'eager' | 'cooperative'
  /** @param partitionCounts of every topic that a member subscribes to and that exists */
  assign(members: readonly SubscribedMember[], partitionCounts: ReadonlyMap<string, number>): Assignments
}

/** By code unit, as Java compares strings: every leader has to come to the same order. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
