import type { ConnectError } from '../../api/index.ts'
import type { Rebalances } from '../../telemetry/metrics/index.ts'
import type { Assignor } from './assignor.ts'
import type { TopicPartition } from './wire.ts'

/** Topics by name, existing or not; or all whose whole name matches, internal ones aside. */
export type TopicSelection = { readonly topics: readonly string[] } | { readonly pattern: RegExp }

export interface ConsumerGroupOptions {
  readonly groupId: string
  readonly selection: TopicSelection
  /**
   * `partition.assignment.strategy`, best first: the group takes one that all its members have. With an eager one among them, as with Java, every
   * rebalance takes all partitions from this member.
   */
  readonly assignors: readonly Assignor[]
  /** `session.timeout.ms`: without a heartbeat for this long a member counts as dead. */
  readonly sessionTimeoutMs: number
  /** `max.poll.interval.ms`: how long the others wait for a member that gives partitions back. */
  readonly rebalanceTimeoutMs: number
  /** `heartbeat.interval.ms`: at most a third of the session timeout. */
  readonly heartbeatIntervalMs: number
  /** Told of each rebalance; absent = nobody wants to know. */
  readonly rebalances?: Rebalances
}

/** What the owner of a membership is told, never two at a time. The member waits for each and sends heartbeats meanwhile. */
export interface ConsumerGroupListener {
  /** New partitions, never none. A rejection ends the membership. */
  assigned(partitions: readonly TopicPartition[]): Promise<void>
  /** To be given back once this resolves: finish and commit first, well within the rebalance timeout. Also told before leaving. */
  revoked(partitions: readonly TopicPartition[]): Promise<void>
  /** Others may have them already: nothing of them can be committed any more. */
  lost(partitions: readonly TopicPartition[]): Promise<void>
  /** The membership has ended: joining again cannot help. Partitions that it still had were reported as lost. */
  failed(error: ConnectError): void
}
