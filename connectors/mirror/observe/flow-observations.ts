import type { Windowed } from '../../../framework/telemetry/metrics/index.ts'

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

/** What the checkpoint task of a flow shows, while it runs. */
export class FlowObservations {
  #groups: (() => Iterable<ObservedGroup>) | undefined

  /** By the task that runs now; undefined = none does. */
  show(groups: (() => Iterable<ObservedGroup>) | undefined): void {
    this.#groups = groups
  }

  /** Undefined = no checkpoints are made here. */
  groups(): Iterable<ObservedGroup> | undefined {
    return this.#groups?.()
  }
}
