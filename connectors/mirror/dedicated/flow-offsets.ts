import type { ClosableOffsetStore } from './flow-services.ts'

/** Where a flow's offsets are kept: opened for whoever asks first, open until it is closed, and then to be opened anew. */
export class FlowOffsets {
  readonly #open: () => Promise<ClosableOffsetStore>
  readonly #onFailure: (error: unknown) => void
  readonly #onLate: (error: unknown) => void
  #opening: Promise<ClosableOffsetStore> | undefined

  /** @param onFailure told of an opening that fails, whether or not anybody waits for it @param onLate told of errors while closing */
  constructor(open: () => Promise<ClosableOffsetStore>, onFailure: (error: unknown) => void, onLate: (error: unknown) => void) {
    this.#open = open
    this.#onFailure = onFailure
    this.#onLate = onLate
  }

  opened(): Promise<ClosableOffsetStore> {
    if (this.#opening === undefined) {
      this.#opening = this.#open()
      this.#opening.catch(this.#onFailure)
    }
    return this.#opening
  }

  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = undefined
    const offsets = await opening?.catch(this.#onLate)
    await offsets?.close().catch(this.#onLate)
  }
}
