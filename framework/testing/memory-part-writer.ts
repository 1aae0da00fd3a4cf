import { ConnectError, type EncodedRecords } from '../api/index.ts'
import type { PartCallbacks, PartWriter } from '../runtime/part-writer.ts'

/** A part the writer was given and has not resolved. */
export interface QueuedPart {
  readonly part: EncodedRecords
  readonly callbacks: PartCallbacks
  readonly token: unknown
}

interface MemoryLane {
  readonly queue: QueuedPart[]
  readonly log: EncodedRecords[]
  records: number
  isHeld: boolean
}

export interface MemoryPartWriterOptions {
  /** `auto`: acknowledges by itself, a part per turn of the event loop, from a random lane. `manual`: when told to. */
  readonly mode?: 'auto' | 'manual'
  /** 0 to 1, for choosing lanes. */
  readonly random?: () => number
}

/** A target in memory: order is kept per target partition; between them parts are acknowledged in any order. */
export class MemoryPartWriter implements PartWriter {
  readonly #lanes = new Map<string, MemoryLane>()
  readonly #mode: 'auto' | 'manual'
  readonly #random: () => number
  #isScheduled = false
  #idle: (() => void)[] = []
  #refuse: ((part: EncodedRecords) => ConnectError | undefined) | undefined
  closed = false

  constructor(options: MemoryPartWriterOptions = {}) {
    this.#mode = options.mode ?? 'auto'
    this.#random = options.random ?? Math.random
  }

  /** What was written to a target partition, in order. */
  written(topic: string, partition: number): readonly EncodedRecords[] {
    return this.#lane(topic, partition).log
  }

  /** What waits in the lane of a target partition. */
  queued(topic: string, partition: number): readonly QueuedPart[] {
    return this.#lane(topic, partition).queue
  }

  get pending(): number {
    let pending = 0
    for (const lane of this.#lanes.values()) pending += lane.queue.length
    return pending
  }

  append(part: EncodedRecords, callbacks: PartCallbacks, token: unknown): void {
    if (this.closed) throw new Error('The writer is closed')
    this.#lane(part.topic, part.partition).queue.push({ part, callbacks, token })
    this.#schedule()
  }

  /** Writes and acknowledges the oldest part of a lane. */
  ack(topic: string, partition: number): void {
    const lane = this.#lane(topic, partition)
    const queued = lane.queue.shift()
    if (queued === undefined) throw new Error(`Nothing is queued for ${topic}-${partition}`)
    const refusal = this.#refuse?.(queued.part)
    if (refusal === undefined) {
      lane.log.push(queued.part)
      queued.callbacks.acked(queued.token, topic, partition, lane.records, queued.part.count)
      lane.records += queued.part.count
    } else {
      queued.callbacks.refused(queued.token, refusal)
    }
    this.#tellIdle()
  }

  /** Writes and acknowledges all that is queued, lanes in random order. */
  ackAll(): void {
    for (let lane = this.#randomLane(); lane !== undefined; lane = this.#randomLane()) this.#ackFirst(lane)
  }

  /** Parts for which `refusal` returns an error are refused with it, instead of written. */
  refuseWhere(refusal: (part: EncodedRecords) => ConnectError | undefined): void {
    this.#refuse = refusal
  }

  /** The target partition takes nothing until `letGo`, as when its leader is away. */
  hold(topic: string, partition: number): void {
    const lane = this.#lane(topic, partition)
    lane.isHeld = true
    const cause = new ConnectError('TARGET_AWAY', `${topic}-${partition} has no leader`, { kind: 'retriable', stage: 'produce' })
    this.#listeners().forEach(callbacks => {
      callbacks.laneState(topic, partition, 'retrying', cause)
    })
  }

  letGo(topic: string, partition: number): void {
    this.#lane(topic, partition).isHeld = false
    this.#listeners().forEach(callbacks => {
      callbacks.laneState(topic, partition, 'flowing')
    })
    this.#schedule()
  }

  async flush(): Promise<void> {
    if (this.pending > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  async close(): Promise<void> {
    this.closed = true
    for (const lane of this.#lanes.values()) lane.queue.length = 0
    this.#tellIdle()
  }

  #listeners(): Set<PartCallbacks> {
    return new Set([...this.#lanes.values()].flatMap(lane => lane.queue.map(queued => queued.callbacks)))
  }

  #lane(topic: string, partition: number): MemoryLane {
    const key = `${topic}-${partition}`
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = { queue: [], log: [], records: 0, isHeld: false }
      this.#lanes.set(key, lane)
    }
    return lane
  }

  #schedule(): void {
    if (this.#mode === 'manual' || this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      const lane = this.#randomLane()
      if (lane === undefined) return
      this.#ackFirst(lane)
      this.#schedule()
    })
  }

  #randomLane(): MemoryLane | undefined {
    const ready = [...this.#lanes.values()].filter(lane => lane.queue.length > 0 && !lane.isHeld)
    return ready[Math.floor(this.#random() * ready.length)]
  }

  #ackFirst(lane: MemoryLane): void {
    const { topic, partition } = lane.queue[0]!.part
    this.ack(topic, partition)
  }

  #tellIdle(): void {
    if (this.pending > 0) return
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }
}
