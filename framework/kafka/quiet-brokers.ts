import { ConnectError, type ErrorStage } from '../api/connect-error.ts'
import type { Logger } from '../api/task-context.ts'
import type { Connection } from './connection.ts'

/** A broker that the others counted out is asked last for this long, where any can answer. */
const AVOIDED_MS = 30_000
/** An answer that does not come within this time is not waited for. */
const ASKING_MS = 5_000

/**
 * Brokers that take requests and do not answer: frozen, or cut off from us. They may be ours to wait for (acks=all waits for followers);
 * once the cluster does not list such a broker any more there is nothing to wait for, long before the request times out.
 */
export class QuietBrokers {
  readonly #logger: Logger
  readonly #isListed: (nodeId: number) => Promise<boolean>
  /** Since when: milliseconds of `performance.now()`. */
  readonly #askedAt = new Map<number, number>()
  readonly #avoidedUntil = new Map<number, number>()

  /** @param isListed asks another broker whether the cluster still counts this one in */
  constructor(logger: Logger, isListed: (nodeId: number) => Promise<boolean>) {
    this.#logger = logger
    this.#isListed = isListed
  }

  /** Called again and again while a connection is quiet; closes it once its broker is not in the cluster any more. */
  async ask(nodeId: number, connection: Connection): Promise<void> {
    const now = performance.now()
    if (now - (this.#askedAt.get(nodeId) ?? Number.NEGATIVE_INFINITY) < ASKING_MS) return
    this.#askedAt.set(nodeId, now)
    try {
      if (await this.#isListed(nodeId)) return
      this.#avoidedUntil.set(nodeId, performance.now() + AVOIDED_MS)
      connection.close(`broker ${nodeId} at ${connection.address} does not answer, and its cluster counts it out`)
    } catch (error) {
      this.#logger.debug({ err: error }, `asking about broker ${nodeId}, which does not answer, failed`)
    } finally {
      this.#askedAt.delete(nodeId)
    }
  }

  isAvoided(nodeId: number): boolean {
    return performance.now() < (this.#avoidedUntil.get(nodeId) ?? 0)
  }
}

export const brokerSilent = (
  nodeId: number,
  connection: Connection,
  what: string,
  forMs: number,
  stage: ErrorStage,
): ConnectError => {
  const message = `broker ${nodeId} at ${connection.address} has not answered ${what} for ${Math.round(forMs / 1000)} s`
  return new ConnectError('BROKER_SILENT', message, { kind: 'retriable', stage })
}
