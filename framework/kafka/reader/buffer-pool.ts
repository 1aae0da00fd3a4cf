const MIN_BYTES = 128 * 1024
const STEP_BYTES = 256 * 1024
/** Free buffers kept for later, at most. */
const MAX_FREE_BYTES = 16 * 1024 * 1024

/**
 * Response buffers used again and again, so that a steady copy neither grows the process nor pays for fresh pages. Small responses are
 * not pooled. A buffer that is never given back is simply collected.
 */
export class BufferPool {
  readonly #free: ArrayBuffer[] = []
  #freeBytes = 0

  take(bytes: number): Buffer {
    if (bytes < MIN_BYTES) return Buffer.allocUnsafe(bytes)
    const memory = this.#bestFit(bytes)
    if (memory !== null) return Buffer.from(memory, 0, bytes)
    return Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES).subarray(0, bytes)
  }

  /** The smallest free buffer that is large enough and not more than twice as large as needed. */
  #bestFit(bytes: number): ArrayBuffer | null {
    let best = -1
    for (let i = 0; i < this.#free.length; i++) {
      const size = this.#free[i]?.byteLength ?? 0
      if (size >= bytes && size <= 2 * bytes && (best < 0 || size < (this.#free[best]?.byteLength ?? 0))) best = i
    }
    if (best < 0) return null
    const [memory] = this.#free.splice(best, 1)
    this.#freeBytes -= memory?.byteLength ?? 0
    return memory ?? null
  }

  /** The caller holds no view of it any more. */
  give(buffer: Buffer): void {
    const memory = buffer.buffer as ArrayBuffer
    const size = memory.byteLength
    if (size < MIN_BYTES) return
    this.#free.push(memory)
    this.#freeBytes += size
    while (this.#freeBytes > MAX_FREE_BYTES) this.#freeBytes -= this.#free.shift()?.byteLength ?? 0
  }
}

/** Counts the views of one response; the last release gives its buffer back. */
export class SharedMemory {
  #views: number
  readonly #giveBack: () => void

  constructor(views: number, giveBack: () => void) {
    this.#views = views
    this.#giveBack = giveBack
    if (views === 0) giveBack()
  }

  /** Once per view, when nobody will look at it again. */
  release(): void {
    if (--this.#views === 0) this.#giveBack()
  }
}
