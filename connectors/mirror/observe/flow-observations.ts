import type { GroupSyncReport } from '../../../framework/api/index.ts'
import { StatusEvents } from '../../../framework/runtime/status-report/index.ts'
import type { Windowed } from '../../../framework/telemetry/metrics/index.ts'
import { RunHealth } from './run-health.ts'

/** What is known of a group's offset in one partition. */
export interface ObservedOffset {
  /** `null` = not translated yet. */
  readonly exactness: 'exact' | 'low' | null
  /** Of the target. */
  readonly topic: string
  readonly partition: number
  /** As the group has committed it on the source. */
  readonly sourceOffset: number
  /** Where it would go on at the target; -1 = not translated yet. */
  readonly targetOffset: number
  /** Milliseconds from making a checkpoint to its acknowledgement; undefined = none was written. */
  readonly latency: Windowed | undefined
}

/** Offsets by how exactly they are translated. */
export interface TranslatedCounts {
  readonly exact: number
  readonly low: number
  readonly none: number
}

export interface ObservedGroup {
  readonly name: string
  /** Why its offsets at the target are not what they should be. */
  readonly cause: string | undefined
  counts(): TranslatedCounts
  offsets(): Iterable<ObservedOffset>
}

/** What the checkpoint task shows. */
export interface ShownGroups {
  groups(): Iterable<ObservedGroup>
  /** Undefined = groups of the target are not set. */
  sync(): GroupSyncReport | undefined
}

/** What the parts of a flow show of themselves, for metrics, health and status. */
export class FlowObservations {
  readonly events = new StatusEvents()
  readonly runs = new RunHealth(event => this.events.add(event))
  #shown: ShownGroups | undefined

  /** By the checkpoint task that runs now; undefined = none does. */
  show(shown: ShownGroups | undefined): void {
    this.#shown = shown
  }

  /** Undefined = no checkpoints are made here. */
  groups(): Iterable<ObservedGroup> | undefined {
    return this.#shown?.groups()
  }

  sync(): GroupSyncReport | undefined {
    return this.#shown?.sync()
  }
}
