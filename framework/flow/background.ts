/** Keeps count of promises nobody awaits on the spot, so that none is orphaned: each is awaited at stop, and the first error wins. */
export class Background {
  readonly #running = new Set<Promise<void>>()
  readonly #onError: (error: unknown, name: string) => void
  #firstError: { readonly error: unknown } | undefined

  /** @param onError told of every failure as it happens. */
  constructor(onError: (error: unknown, name: string) => void) {
    this.#onError = onError
  }

  get count(): number {
    return this.#running.size
  }

  /** Starts a job; `name` says in logs what failed. */
  run(name: string, job: () => Promise<unknown>): void {
    const running = this.#run(name, job).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Resolves when nothing runs any more; rejects then with the first error there was. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
    if (this.#firstError !== undefined) throw this.#firstError.error
  }

  async #run(name: string, job: () => Promise<unknown>): Promise<void> {
    try {
      await job()
    } catch (error) {
      this.#firstError ??= { error }
      this.#onError(error, name)
    }
  }
}
