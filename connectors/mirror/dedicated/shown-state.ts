import type { ConnectError } from '../../../framework/api/index.ts'
import type { GroupMemberState } from '../../../framework/kafka/group-member.ts'
import type { RunState } from './active-run.ts'
import type { FlowState } from './flow-status.ts'

/** What a flow's state follows from. */
export interface FlowSituation {
  /** That ended it. */
  readonly error: ConnectError | undefined
  readonly phase: 'alive' | 'stopping' | 'stopped'
  /** Undefined = nothing is copied at present. */
  readonly run: RunState | undefined
  readonly membership: GroupMemberState
  /** Ever. */
  readonly hasJoined: boolean
  /** Why a cluster does not answer. */
  readonly unreachable: ConnectError | undefined
}

export interface ShownState {
  readonly state: FlowState
  /** A sentence for the operator. */
  readonly cause?: string | undefined
  readonly error?: ConnectError | undefined
}

export function shownState({ error, phase, run, membership, hasJoined, unreachable }: FlowSituation): ShownState {
  if (error !== undefined) return withError('FAILED', error)
  if (phase !== 'alive') return { state: phase === 'stopped' ? 'STOPPED' : 'STOPPING' }
  if (run !== undefined && membership.kind === 'active') return withError(run.state, run.error)
  if (membership.kind === 'blocked') return { state: 'BLOCKED', cause: membership.message }
  if (unreachable !== undefined) return withError('RETRYING', unreachable)
  if (membership.kind === 'standby') return { state: 'STANDBY', cause: `copied by ${membership.activeInfo}` }
  if (membership.kind === 'joining' && hasJoined) return { state: 'RETRYING', cause: 'joining the group again' }
  return { state: 'STARTING' }
}

function withError(state: FlowState, error: ConnectError | undefined): ShownState {
  return { state, cause: error?.message, error }
}
