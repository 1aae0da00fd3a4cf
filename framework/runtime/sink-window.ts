import { type Deferred, deferred } from '../flow/index.ts'
import type { SinkLane } from './sink-lane.ts'
import type { SinkLanes } from './sink-lanes.ts'

/** Beyond so many records that were reported and are not safe yet nothing is read, since a task need not wait for its reports. */
const MAX_REPORTS = 4_000

/**
 * Bounds what a sink task holds. Reading waits while the window is full, so that a sink of any slowness costs its window and a response, no more.
 * A partition that holds more than its share is not read on, so that a stuck one does not keep the others from going on.
 */
export class SinkWindow {
  readonly #lanes: SinkLanes
  readonly #bytes: number
  readonly #steer: (lane: SinkLane, reading: 'on' | 'off') => void
  #room: Deferred<void> | null = null

  /** @param steer told when reading a partition is to stop or to go on, as the window and the pauses of the task have it */
  constructor(lanes: SinkLanes, bytes: number, steer: (lane: SinkLane, reading: 'on' | 'off') => void) {
    this.#lanes = lanes
    this.#bytes = bytes
    this.#steer = steer
  }

  get isFull(): boolean {
    return this.#lanes.heldBytes >= this.#bytes || this.#lanes.reports >= MAX_REPORTS
  }

  /** Resolves once there is room, or when `release` is called. */
  async room(): Promise<void> {
    while (this.isFull) {
      this.#room ??= deferred()
      await this.#room.promise
    }
  }

  /** What a lane holds has changed. */
  changed(lane: SinkLane): void {
    const share = this.#bytes / (2 * Math.max(1, this.#lanes.size))
    if (!lane.isThrottled && lane.heldBytes >= share) this.#throttle(lane, true)
    else if (lane.isThrottled && lane.heldBytes <= share / 2) this.#throttle(lane, false)
    if (!this.isFull) this.release()
  }

  pause(lane: SinkLane, isPaused: boolean): void {
    lane.isPaused = isPaused
    this.#tell(lane)
  }

  /** Lets those go that wait for room; they look again. */
  release(): void {
    this.#room?.resolve()
    this.#room = null
  }

  #throttle(lane: SinkLane, isThrottled: boolean): void {
    lane.isThrottled = isThrottled
    this.#tell(lane)
  }

  #tell(lane: SinkLane): void {
    if (lane.state === 'open') this.#steer(lane, lane.isPaused || lane.isThrottled ? 'off' : 'on')
  }
}
