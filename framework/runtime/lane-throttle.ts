import { ConnectError, type SourceTask } from '../api/index.ts'
import type { SourceLane, TargetLane } from './source-lane.ts'

/**
 * Tells a task which source partitions to leave alone: those whose target does not take records at present, so that what was read of them
 * does not fill the window for the others. A target that is only slow is left to the window: pausing costs a source its long polls.
 */
export class LaneThrottle {
  readonly #task: SourceTask
  readonly #onThrow: (error: unknown) => void

  constructor(task: SourceTask, onThrow: (error: unknown) => void) {
    this.#task = task
    this.#onThrow = onThrow
  }

  /** The source partition is written to this target partition, too. */
  join(lane: SourceLane, target: TargetLane): void {
    if (target.sources.has(lane)) return
    target.sources.add(lane)
    if (target.retrying === undefined) return
    lane.retryingTargets++
    this.#show(lane, target)
  }

  targetState(target: TargetLane, state: 'retrying' | 'flowing', cause?: ConnectError): void {
    const wasRetrying = target.retrying !== undefined
    const isRetrying = state === 'retrying'
    target.retrying = isRetrying ? (cause ?? unknownCause(target)) : undefined
    for (const lane of target.sources) {
      if (isRetrying !== wasRetrying) lane.retryingTargets += isRetrying ? 1 : -1
      this.#show(lane, target)
    }
  }

  #update(lane: SourceLane): void {
    const throttled = lane.retryingTargets > 0
    if (throttled === lane.throttled || lane.failed !== undefined) return
    lane.throttled = throttled
    try {
      this.#task.throttle?.(lane.partition, throttled ? 'paused' : 'resumed')
    } catch (error) {
      this.#onThrow(error)
    }
  }

  #show(lane: SourceLane, target: TargetLane): void {
    if (target.retrying !== undefined) lane.entry.retrying(target.retrying.message, 'target', target.retrying.code)
    else if (lane.retryingTargets === 0) lane.entry.flowing()
    this.#update(lane)
  }
}

function unknownCause(target: TargetLane): ConnectError {
  const message = `${target.topic}-${target.partition} does not take records at present; they are sent again until it does`
  return new ConnectError('TARGET_RETRYING', message, { kind: 'retriable', stage: 'produce' })
}
