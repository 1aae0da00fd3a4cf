/** Makes one change after the other as long as any is due; those that become due meanwhile belong to the work under way. */
export class ChangeLoop {
  readonly #isDue: () => boolean
  readonly #change: () => Promise<void>
  #working: Promise<void> | undefined

  /** @param change makes the next one; never rejects */
  constructor(isDue: () => boolean, change: () => Promise<void>) {
    this.#isDue = isDue
    this.#change = change
  }

  /** Resolves when none is due any more. */
  run(): Promise<void> {
    this.#working ??= this.#runAll().finally(() => {
      this.#working = undefined
      if (this.#isDue()) void this.run()
    })
    return this.#working
  }

  /** Of the work under way. */
  get settled(): Promise<void> {
    return this.#working ?? Promise.resolve()
  }

  async #runAll(): Promise<void> {
    while (this.#isDue()) await this.#change()
  }
}
