import type { EncodedRecords, SourceBatch, SourcePart } from '../api/index.ts'
import { Ring } from '../flow/index.ts'

export interface SourceIntakeOptions<Lane> {
  /** Where the part belongs; undefined = it is passed over. */
  readonly laneOf: (part: SourcePart) => Lane | undefined
  /** A promise only where something has to be waited for. */
  readonly encode: (part: SourcePart) => readonly EncodedRecords[] | Promise<readonly EncodedRecords[]>
  /** Hands a part on, in its turn. Returns the bytes it holds. */
  readonly submit: (lane: Lane, part: SourcePart, batches: readonly EncodedRecords[]) => number
  /** Once per batch, in order: all its parts are through, or there is no more use for them. */
  readonly answered: (bytes: number) => void
  /** Without a part: it is the batch that cannot be taken. What comes after goes on unless `close` is called. */
  readonly failed: (error: unknown, part?: SourcePart) => void
}

/**
 * Batches of one task between their arrival and the writer. They are taken at once as long as none of their parts has to be waited for; behind
 * one that has, all others wait, so that the order of a task's records is that of its batches.
 */
export class SourceIntake<Lane> {
  readonly #options: SourceIntakeOptions<Lane>
  readonly #queue = new Ring<SourceBatch>()
  /** Of the batch at the front: the part that is next, and what those before it hold. */
  #next = 0
  #bytes = 0
  #isWorking = false
  #isClosed = false

  constructor(options: SourceIntakeOptions<Lane>) {
    this.#options = options
  }

  /** Batches that are not answered. */
  get size(): number {
    return this.#queue.size
  }

  push(batch: SourceBatch): void {
    if (this.#isClosed) return
    this.#queue.push(batch)
    if (!this.#isWorking) this.#work()
  }

  /** Nothing more is handed on. What is being waited for is answered when it is there. */
  close(): void {
    this.#isClosed = true
  }

  #work(): void {
    this.#isWorking = true
    for (let batch = this.#queue.peek(); batch !== undefined; batch = this.#queue.peek()) {
      try {
        const { parts } = batch
        while (!this.#isClosed && this.#next < parts.length) if (this.#take(parts[this.#next]!)) return
      } catch (error) {
        this.#options.failed(error)
      }
      this.#answer()
    }
    this.#isWorking = false
  }

  /** True when the part has to be waited for. */
  #take(part: SourcePart): boolean {
    const { laneOf, encode, failed } = this.#options
    const lane = laneOf(part)
    if (lane === undefined) {
      this.#next++
      return false
    }
    let batches: ReturnType<typeof encode>
    try {
      batches = encode(part)
    } catch (error) {
      this.#next++
      failed(error, part)
      return false
    }
    if (!(batches instanceof Promise)) {
      this.#submit(lane, part, batches)
      return false
    }
    void this.#await(part, batches)
    return true
  }

  async #await(part: SourcePart, waited: Promise<readonly EncodedRecords[]>): Promise<void> {
    const { laneOf, failed } = this.#options
    try {
      const batches = await waited
      const lane = this.#isClosed ? undefined : laneOf(part)
      if (lane === undefined) this.#next++
      else this.#submit(lane, part, batches)
    } catch (error) {
      this.#next++
      failed(error, part)
    }
    this.#work()
  }

  #submit(lane: Lane, part: SourcePart, batches: readonly EncodedRecords[]): void {
    this.#next++
    this.#bytes += this.#options.submit(lane, part, batches)
  }

  #answer(): void {
    const bytes = this.#bytes
    this.#queue.shift()
    this.#next = 0
    this.#bytes = 0
    this.#options.answered(bytes)
  }
}
