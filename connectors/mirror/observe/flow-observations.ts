import { Rebalances, type Windowed } from '../../../framework/telemetry/metrics/index.ts'
import { GroupSyncTotals } from './group-sync-totals.ts'

/** What is known of a group's offset in one partition. */
export interface ObservedOffset {
  /** `null` = not translated yet. */
  readonly exactness: 'exact' | 'low' | null
  /** Of the target. */
  readonly topic: string
  readonly partition: number
  /** Milliseconds from making a checkpoint to its acknowledgement; undefined = none was written. */
  readonly latency: Windowed | undefined
}

export interface ObservedGroup {
  readonly name: string
  offsets(): Iterable<ObservedOffset>
}

/** What is known of a flow besides its connectors and partitions; kept for the whole process. */
export class FlowObservations {
  /** Of this process's membership of the group that decides who copies. */
  readonly rebalances = new Rebalances()
  readonly groupSync = new GroupSyncTotals()
  #groups: (() => Iterable<ObservedGroup>) | undefined

  /** By the checkpoint task that runs now; undefined = none does. */
  show(groups: (() => Iterable<ObservedGroup>) | undefined): void {
    this.#groups = groups
  }

  /** Undefined = no checkpoints are made here. */
  groups(): Iterable<ObservedGroup> | undefined {
    return this.#groups?.()
  }
}
