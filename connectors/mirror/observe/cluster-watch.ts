import type { NewEvent } from '../../../framework/runtime/status-report/index.ts'
import type { Side } from '../config/clients.ts'

/** Why a cluster is of no use at present. */
export interface ClusterTrouble {
  /** `error` = trying again does not mend it. */
  readonly severity: 'warning' | 'error'
  readonly cause: string
  readonly code?: string
}

export interface TroubledCluster extends ClusterTrouble {
  /** Milliseconds since the epoch. */
  readonly sinceMs: number
}

/** Whether the two clusters of a flow answer, as far as it knows; tells of each change. */
export class ClusterWatch {
  readonly #aliases: Readonly<Record<Side, string>>
  readonly #told: (event: NewEvent, side: Side) => void
  readonly #troubles = new Map<Side, TroubledCluster>()

  constructor(aliases: Readonly<Record<Side, string>>, told: (event: NewEvent, side: Side) => void) {
    this.#aliases = aliases
    this.#told = told
  }

  get troubles(): ReadonlyMap<Side, TroubledCluster> {
    return this.#troubles
  }

  /** How it is at present, however often. */
  look(side: Side, trouble: ClusterTrouble | undefined): void {
    const before = this.#troubles.get(side)
    if (trouble === undefined) {
      if (!this.#troubles.delete(side)) return
      this.#told({ severity: 'ok', kind: 'cluster-reachable', message: `Cluster ${this.#aliases[side]} answers again` }, side)
      return
    }
    this.#troubles.set(side, { ...trouble, sinceMs: before?.sinceMs ?? Date.now() })
    if (before?.cause === trouble.cause) return
    const { severity, cause, code } = trouble
    const message = `Cluster ${this.#aliases[side]} cannot be used: ${cause}`
    this.#told({ severity, kind: 'cluster-unreachable', message, ...(code !== undefined && { code }) }, side)
  }

  /** The flow has ended, or others do its work: nothing is known any more. */
  forget(): void {
    this.#troubles.clear()
  }
}
