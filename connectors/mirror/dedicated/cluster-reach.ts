import type { ConnectError } from '../../../framework/api/index.ts'
import { Backoff, deferred, sleep } from '../../../framework/flow/index.ts'
import { ConnectionError } from '../../../framework/kafka/client-errors.ts'
import { toConnectError } from '../../../framework/runtime/index.ts'
import type { Side } from '../config/clients.ts'

const BACKOFF = { initialMs: 100, maxMs: 3_000 }

const SILENT = new ConnectionError('REQUEST_TIMEOUT', 'its bootstrap servers have not answered yet')

export interface ClusterReachOptions {
  readonly attempt: (side: Side) => Promise<void>
  /** Aborted = give up. */
  readonly signal: AbortSignal
  readonly onChange: () => void
}

/** Waits for clusters to answer, and knows why they do not. */
export class ClusterReach {
  readonly #options: ClusterReachOptions
  readonly #causes = new Map<Side, ConnectError>()
  readonly #underway = new Set<Side>()
  readonly #aborted = deferred<'aborted'>()

  constructor(options: ClusterReachOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => this.#aborted.resolve('aborted'), { once: true })
  }

  /** Clusters that do not answer, as far as is known. */
  get causes(): ReadonlyMap<Side, ConnectError> {
    return this.#causes
  }

  /** What does not answer, and what somebody waits for without knowing yet. */
  get known(): { readonly causes: ReadonlyMap<Side, ConnectError>; readonly awaited: ReadonlySet<Side> } {
    return { causes: this.#causes, awaited: this.#underway }
  }

  /** As `causes`, and clusters that have not answered yet. */
  get missing(): ReadonlyMap<Side, ConnectError> {
    const waiting = [...this.#underway].map(side => [side, SILENT] as const)
    return new Map([...waiting, ...this.#causes])
  }

  blame(side: Side, error: ConnectError): void {
    this.#causes.set(side, error)
    this.#options.onChange()
  }

  /**
   * Tries until the cluster answers or the signal aborts.
   * @param patience `retriable`: rejects with an error that trying again cannot mend; `any`: tries again whatever the error
   */
  async reach(side: Side, patience: 'retriable' | 'any'): Promise<void> {
    if (this.#underway.has(side)) return
    this.#underway.add(side)
    try {
      await this.#try(side, patience)
    } finally {
      this.#underway.delete(side)
    }
  }

  async #try(side: Side, patience: 'retriable' | 'any'): Promise<void> {
    const { attempt, signal, onChange } = this.#options
    const backoff = new Backoff(BACKOFF)
    while (!signal.aborted) {
      try {
        if ((await Promise.race([attempt(side), this.#aborted.promise])) === 'aborted') return
        this.#causes.delete(side)
        onChange()
        return
      } catch (cause) {
        const error = toConnectError(cause, 'CONNECT_FAILED', 'start', `the ${side} cluster`)
        if (signal.aborted) return
        this.blame(side, error)
        if (!error.retriable && patience === 'retriable') throw error
        await sleep(backoff.next(), signal)
      }
    }
  }
}
