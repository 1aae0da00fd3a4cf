const MIN_BYTES = 128 * 1024
/** Free buffers kept for later, at most. */
const MAX_FREE_BYTES = 32 * 1024 * 1024

/**
 * Response buffers used again and again, so that a steady copy neither grows the process nor pays for fresh pages. Sizes are powers of
 * two from 128 KiB; smaller ones are not pooled. A buffer that is never given back is simply collected.
 */
export class BufferPool {
  readonly #free = new Map<number, ArrayBuffer[]>()
  #freeBytes = 0

  take(bytes: number): Buffer {
    if (bytes < MIN_BYTES) return Buffer.allocUnsafe(bytes)
    const size = sizeClass(bytes)
    const memory = this.#free.get(size)?.pop()
    if (memory === undefined) return Buffer.allocUnsafeSlow(size).subarray(0, bytes)
    this.#freeBytes -= size
    return Buffer.from(memory, 0, bytes)
  }

  /** The caller holds no view of it any more. */
  give(buffer: Buffer): void {
    const memory = buffer.buffer as ArrayBuffer
    const size = memory.byteLength
    if (size < MIN_BYTES || sizeClass(size) !== size || this.#freeBytes + size > MAX_FREE_BYTES) return
    const free = this.#free.get(size)
    if (free === undefined) this.#free.set(size, [memory])
    else free.push(memory)
    this.#freeBytes += size
  }
}

const sizeClass = (bytes: number): number => 2 ** Math.ceil(Math.log2(Math.max(bytes, MIN_BYTES)))

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
