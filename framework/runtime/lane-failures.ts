import type { ConnectError, SourcePartition, SourceTask } from '../api/index.ts'
import { contractBroken } from './errors.ts'
import type { SourceLane } from './source-lane.ts'

export interface LaneFailuresOptions {
  readonly taskId: string
  readonly task: SourceTask
  /** Once per source partition. */
  readonly onPartitionFailed: (partition: SourcePartition, error: ConnectError) => void
}

/** Source partitions that cannot go on, the others of their task can: nothing more is sent of them. The first error of each counts. */
export class LaneFailures {
  readonly #options: LaneFailuresOptions
  readonly #onBroken: (error: ConnectError) => void

  /** @param onBroken the task threw when it was told */
  constructor(options: LaneFailuresOptions, onBroken: (error: ConnectError) => void) {
    this.#options = options
    this.#onBroken = onBroken
  }

  /** By what comes after the task, which is told. */
  refuse(lane: SourceLane, error: ConnectError): void {
    if (lane.failed !== undefined) return
    this.fail(lane, error)
    const { taskId, task } = this.#options
    try {
      task.refused?.(lane.partition, error)
    } catch (cause) {
      this.#onBroken(contractBroken(taskId, 'threw in refused()', cause))
    }
  }

  /** By the task itself. */
  fail(lane: SourceLane, error: ConnectError): void {
    if (lane.failed !== undefined) return
    lane.failed = error
    lane.entry.failed(error)
    this.#options.onPartitionFailed(lane.partition, error)
  }
}
