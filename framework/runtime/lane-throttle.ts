import { ConnectError, type SourceTask } from '../api/index.ts'
import type { SourceLane, TargetLane } from './source-lane.ts'

/** Paused above this share of the window, resumed below half of it. */
const PAUSE_SHARE = 0.25
const RESUME_SHARE = 0.125

/** Tells a task which source partitions to leave alone: those whose target is retrying, and those that hold more than their share of the window. */
export class LaneThrottle {
  readonly #task: SourceTask
  readonly #pauseBytes: number
  readonly #resumeBytes: number
  readonly #onThrow: (error: unknown) => void

  constructor(task: SourceTask, windowBytes: number, onThrow: (error: unknown) => void) {
    this.#task = task
    this.#pauseBytes = windowBytes * PAUSE_SHARE
    this.#resumeBytes = windowBytes * RESUME_SHARE
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

  /** After a change of what the lane holds. */
  update(lane: SourceLane): void {
    const limit = lane.throttled ? this.#resumeBytes : this.#pauseBytes
    const throttled = lane.retryingTargets > 0 || lane.waitingBytes > limit
    if (throttled === lane.throttled || lane.failed !== undefined) return
    lane.throttled = throttled
    try {
      this.#task.throttle?.(lane.partition, throttled ? 'paused' : 'resumed')
    } catch (error) {
      this.#onThrow(error)
    }
  }

  #show(lane: SourceLane, target: TargetLane): void {
    if (target.retrying !== undefined) lane.entry.retrying(target.retrying.message)
    else if (lane.retryingTargets === 0) lane.entry.flowing()
    this.update(lane)
  }
}

function unknownCause(target: TargetLane): ConnectError {
  const message = `${target.topic}-${target.partition} does not take records at present; they are sent again until it does`
  return new ConnectError('TARGET_RETRYING', message, { kind: 'retriable', stage: 'produce' })
}
