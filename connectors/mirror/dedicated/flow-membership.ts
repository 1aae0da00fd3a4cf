import type { ConnectError } from '../../../framework/api/index.ts'
import { type Background, sleep } from '../../../framework/flow/index.ts'
import type { GroupMemberState } from '../../../framework/kafka/group-member.ts'
import { toConnectError } from '../../../framework/runtime/index.ts'
import type { ClusterReach } from './cluster-reach.ts'
import type { FlowMember } from './flow-services.ts'

/** After the coordinator would not have us any more. */
const REJOIN_MS = 30_000

export interface FlowMembershipOptions {
  /** `A->B`. */
  readonly flow: string
  /** Asks for a place, each time anew. */
  readonly join: () => FlowMember
  readonly reach: ClusterReach
  readonly background: Background
  /** Aborted = asks for none any more. */
  readonly signal: AbortSignal
  readonly onChange: (state: GroupMemberState) => void
  /** There never was a place, and asking again does not help. */
  readonly onFailure: (error: unknown) => void
}

/** The place of a flow in its group on the target. Once had, it is asked for again however it was lost: rights may be taken away for a while. */
export class FlowMembership {
  readonly #options: FlowMembershipOptions
  #state: GroupMemberState = { kind: 'joining' }
  #hasJoined = false
  #member: FlowMember | undefined

  constructor(options: FlowMembershipOptions) {
    this.#options = options
  }

  get state(): GroupMemberState {
    return this.#state
  }

  /** Ever. */
  get hasJoined(): boolean {
    return this.#hasJoined
  }

  /** Undefined = the target does not answer, or would not have us. */
  get member(): FlowMember | undefined {
    return this.#member
  }

  /** Why the target does not answer though the place is still had: where nothing is written to it, that is missed here first. */
  get trouble(): ConnectError | undefined {
    const trouble = this.#member?.trouble
    return trouble === undefined ? undefined : this.#errorOf(trouble)
  }

  /** Once. Resolves when the target has answered and is asked for a place. @throws what trying again cannot mend */
  async join(): Promise<void> {
    const { reach, signal, join } = this.#options
    await reach.reach('target', this.#hasJoined ? 'any' : 'retriable')
    if (signal.aborted) return
    this.#member = join()
    this.#member.state$.subscribe({
      next: state => this.#onState(state),
      error: (error: unknown) => this.#onEnded(error),
    })
  }

  #onState(state: GroupMemberState): void {
    const before = this.#state
    const { background, reach, onChange } = this.#options
    this.#state = state
    if (state.kind !== 'joining') this.#hasJoined = true
    else if (before.kind !== 'joining') background.run('reaching the target', () => reach.reach('target', 'any'))
    onChange(state)
  }

  #onEnded(cause: unknown): void {
    const { reach, background, signal, onChange, onFailure } = this.#options
    const error = this.#errorOf(cause)
    if (!this.#hasJoined) {
      onFailure(error)
      return
    }
    this.#member = undefined
    this.#state = { kind: 'joining' }
    reach.blame('target', error)
    onChange(this.#state)
    background.run('joining again', async () => {
      await sleep(REJOIN_MS, signal)
      await this.join()
    })
  }

  #errorOf(cause: unknown): ConnectError {
    return toConnectError(cause, 'GROUP_MEMBER_FAILED', 'group-membership', `Flow ${this.#options.flow}`)
  }
}
