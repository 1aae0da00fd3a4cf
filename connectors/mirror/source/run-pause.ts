import { Backoff } from '../../../framework/flow/index.ts'

/** After the first run that failed. */
const RETRY_MS = 2_000

/** How long to wait for the next run: as long as is set, less after one that could not do all it should, more again the oftener it could not. */
export class RunPause {
  readonly #everyMs: number
  readonly #backoff: Backoff
  #nextMs: number

  constructor(everyMs: number, random?: () => number) {
    this.#everyMs = everyMs
    this.#nextMs = everyMs
    this.#backoff = new Backoff({ initialMs: RETRY_MS, maxMs: everyMs }, random)
  }

  get ms(): number {
    return this.#nextMs
  }

  succeeded(): void {
    this.#backoff.reset()
    this.#nextMs = this.#everyMs
  }

  /** A run counts as failed until it has succeeded. */
  begun(): void {
    this.#nextMs = Math.min(this.#everyMs, this.#backoff.next())
  }
}
