/** How far a partition's records have been handed out: behind the reader's own position by what waits to be taken. */
export class Progress {
  #offset = 0
  #jump: { readonly from: number; readonly to: number } | null = null

  /** Everything below has been handed out, or is not there. */
  get offset(): number {
    return this.#offset
  }

  read(nextOffset: number): void {
    this.#offset = nextOffset
    this.#pass()
  }

  /** Nothing is left between the two offsets. Counts once all before has been handed out. */
  jump(from: number, to: number): void {
    this.#jump = { from, to }
    this.#pass()
  }

  /** The log goes on from a place that was read before. */
  rewind(to: number): void {
    this.#offset = to
    this.#jump = null
  }

  #pass(): void {
    if (this.#jump === null || this.#offset < this.#jump.from) return
    this.#offset = Math.max(this.#offset, this.#jump.to)
    this.#jump = null
  }
}
