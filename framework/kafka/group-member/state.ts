import type { Rebalances } from '../../telemetry/metrics/index.ts'
import type { BlockingMember } from './blocking.ts'

export interface GroupMemberOptions {
  readonly groupId: string
  /** `session.timeout.ms`: without a heartbeat for this long a member counts as dead. */
  readonly sessionTimeoutMs: number
  /** `rebalance.timeout.ms`: how long the others wait for a member when the group changes. At least the session timeout. */
  readonly rebalanceTimeoutMs: number
  /** `heartbeat.interval.ms`: at most a third of the session timeout. */
  readonly heartbeatIntervalMs: number
  /** Names this process to people who look at the group or stand by: program, host, process. */
  readonly clientInfo: string
  /** Told of each rebalance; absent = nobody wants to know. */
  readonly rebalances?: Rebalances
}

export type GroupMemberState =
  /** Not in the group: nothing may be done yet, or any more. */
  | { readonly kind: 'joining' }
  /** No other member is active until this state is left. */
  | { readonly kind: 'active' }
  /** Waits for the active member, whose `clientInfo` this is, to leave or die. */
  | { readonly kind: 'standby'; readonly activeInfo: string }
  /** Programs of another kind are in the group; `by` null = they may not be named. `message` is a sentence for the operator. */
  | { readonly kind: 'blocked'; readonly by: readonly BlockingMember[] | null; readonly message: string }
  /** For good. */
  | { readonly kind: 'left' }
