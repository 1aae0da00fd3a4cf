import type { Observable } from 'rxjs'
import type { Logger, SourceConnector, SourcePartition } from '../../../framework/api/index.ts'
import type { GroupMemberState } from '../../../framework/kafka/group-member.ts'
import type { LogSpan } from '../../../framework/kafka/reader/log-spans.ts'
import type { TaskServices } from '../../../framework/runtime/index.ts'
import type { OffsetStore } from '../../../framework/storage/offset-store.ts'
import type { Side } from '../config/clients.ts'
import type { FlowObservations } from '../observe/flow-observations.ts'

/** Membership of the group that lets one process at a time copy a flow. */
export interface FlowMember {
  readonly state$: Observable<GroupMemberState>
  /** Exact at the moment of asking. */
  readonly isActive: boolean
  /** Why the target does not answer the member, though it still has its place; undefined = it does. */
  readonly trouble?: unknown
  leave(): Promise<void>
}

export interface ClosableOffsetStore extends OffsetStore {
  /** The offsets of another connector in the same place; for as long as this one is open. */
  forConnector(name: string): OffsetStore
  close(): Promise<void>
}

/** `copy` = copies records; `heartbeats` = writes heartbeats and nothing else. */
export type FlowRole = 'copy' | 'heartbeats'

/** One connector of a flow. */
export interface FlowConnector {
  /** Within the flow. */
  readonly name: string
  /** Its name in the keys of stored offsets. */
  readonly offsetsName: string
  readonly config: Readonly<Record<string, string>>
  readonly maxTasks: number
  readonly services: Omit<TaskServices, 'offsetStore'>
  createConnector(): SourceConnector
}

/** All that a flow runs on. */
export interface FlowServices {
  readonly logger: Logger
  /** `A->B`. */
  readonly name: string
  readonly source: string
  readonly target: string
  readonly observations: FlowObservations
  readonly role: FlowRole
  /** The flow's state and partitions are its. */
  readonly main: FlowConnector
  /** Run beside it: their trouble is shown and stops nothing. */
  readonly companions: readonly FlowConnector[]
  readonly gracefulTimeoutMs: number
  /** How long partitions show what the source lost; a minute where absent. */
  readonly lossNoticeMs?: number
  /** Where the logs of partitions that are copied begin and end, in their order. Absent where nothing is copied. */
  readonly sourceLogs?: (partitions: readonly SourcePartition[]) => Promise<readonly LogSpan[]>
  /** One attempt to talk to a cluster. */
  reach(side: Side): Promise<void>
  /** @param signal aborted = stop without leaving */
  join(signal: AbortSignal): FlowMember
  openOffsets(signal: AbortSignal): Promise<ClosableOffsetStore>
  /** Closes what the flow shares, the last call; does not wait for connections that are being made. */
  close(): Promise<void>
}
