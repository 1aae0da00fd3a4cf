import type { ConnectError } from '../../../framework/api/index.ts'
import type { GroupMemberState } from '../../../framework/kafka/group-member.ts'
import type { RunState } from './active-run.ts'
import type { FlowState } from './flow-status.ts'

export type FlowPhase = 'alive' | 'stopping' | 'stopped'

export interface FlowFacts {
  readonly membership: GroupMemberState
  /** Ever. */
  readonly hasJoined: boolean
  /** Undefined = nothing is copied here. */
  readonly run: RunState | undefined
  /** Why a cluster does not answer. */
  readonly unreachable: ConnectError | undefined
  /** That ends the flow. */
  readonly error: ConnectError | undefined
  readonly phase: FlowPhase
}

/** What is to be shown of a flow, and why. */
export function deriveState(facts: FlowFacts): { readonly state: FlowState; readonly cause: string | undefined } {
  const { membership, hasJoined, run, unreachable, error, phase } = facts
  if (error !== undefined) return { state: 'FAILED', cause: error.message }
  if (phase !== 'alive') return { state: phase === 'stopped' ? 'STOPPED' : 'STOPPING', cause: undefined }
  if (run !== undefined && membership.kind === 'active') return { state: run.state, cause: run.error?.message }
  if (membership.kind === 'blocked') return { state: 'BLOCKED', cause: membership.message }
  if (unreachable !== undefined) return { state: 'RETRYING', cause: unreachable.message }
  if (membership.kind === 'standby') return { state: 'STANDBY', cause: `copied by ${membership.activeInfo}` }
  if (membership.kind === 'joining' && hasJoined) return { state: 'RETRYING', cause: 'joining the group again' }
  return { state: 'STARTING', cause: undefined }
}
