import type { Observable } from 'rxjs'
import type { Logger, SourceConnector } from '../../../framework/api/index.ts'
import type { GroupMemberState } from '../../../framework/kafka/group-member.ts'
import type { SourceTaskSettings, TaskServices } from '../../../framework/runtime/index.ts'
import type { OffsetStore } from '../../../framework/storage/offset-store.ts'
import type { Side } from '../config/clients.ts'

/** Membership of the group that lets one process at a time copy a flow. */
export interface FlowMember {
  readonly state$: Observable<GroupMemberState>
  /** Exact at the moment of asking. */
  readonly isActive: boolean
  leave(): Promise<void>
}

export interface ClosableOffsetStore extends OffsetStore {
  close(): Promise<void>
}

/** All that a flow runs on. */
export interface FlowServices {
  readonly logger: Logger
  /** `A->B`. */
  readonly name: string
  readonly connectorName: string
  readonly connectorConfig: Readonly<Record<string, string>>
  readonly maxTasks: number
  readonly settings: SourceTaskSettings
  createConnector(): SourceConnector
  /** One attempt to talk to a cluster. */
  reach(side: Side): Promise<void>
  /** @param signal aborted = stop without leaving */
  join(signal: AbortSignal): FlowMember
  openOffsets(signal: AbortSignal): Promise<ClosableOffsetStore>
  readonly createWriter: TaskServices['createWriter']
  /** Closes what the flow shares, the last call; does not wait for connections that are being made. */
  close(): Promise<void>
}
