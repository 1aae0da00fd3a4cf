import type { Logger } from '../../api/index.ts'

const QUIET_MS = 60_000

/** Says that a collector does not take what it is sent: at once, then once a minute at most, with what was lost meanwhile; and when it is over. */
export class ExportTrouble {
  readonly #endpoint: string
  readonly #logger: Logger
  #lost = 0
  #saidAtMs = Number.NEGATIVE_INFINITY
  #isTroubled = false
  #isClosed = false

  constructor(endpoint: string, logger: Logger) {
    this.#endpoint = endpoint
    this.#logger = logger
  }

  /** Spans were not taken. */
  lost(spans: number, why: string): void {
    this.#lost += spans
    this.#isTroubled = true
    this.happened(why)
  }

  happened(why: string): void {
    const now = performance.now()
    if (this.#isClosed || now - this.#saidAtMs < QUIET_MS) return
    this.#saidAtMs = now
    const { lost } = this.#total()
    const count = lost === 0 ? '' : ` (${lost} spans lost)`
    this.#logger.warn(
      { code: 'TRACES_NOT_SENT', endpoint: this.#endpoint, lost },
      `traces cannot be sent to ${this.#endpoint}${count}: ${why}`,
    )
  }

  /** Spans were taken. */
  over(): void {
    if (!this.#isTroubled) return
    this.#isTroubled = false
    if (!this.#isClosed)
      this.#logger.info({ endpoint: this.#endpoint, ...this.#total() }, `traces are sent to ${this.#endpoint} again`)
  }

  /** Nothing more is said. */
  close(): void {
    this.#isClosed = true
  }

  #total(): { readonly lost: number } {
    const lost = this.#lost
    this.#lost = 0
    return { lost }
  }
}
