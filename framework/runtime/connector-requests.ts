import { ConnectError } from '../api/index.ts'
import { type Deferred, deferred } from '../flow/index.ts'
import type { TargetState } from './status.ts'

export interface RestartOptions {
  /** Tasks, too, not the connector alone. False by default. */
  readonly includeTasks?: boolean
  /** Only what has FAILED. False by default. */
  readonly onlyFailed?: boolean
}

/** The connector by itself or with tasks; or tasks by their numbers. */
export type Restart = RestartOptions | { readonly tasks: readonly number[] }

export type ConnectorRequest =
  | { readonly kind: 'target'; readonly target: TargetState; readonly done: Deferred<void> }
  | { readonly kind: 'restart'; readonly restart: Restart; readonly done: Deferred<void> }

/** What was asked of one connector and is not begun yet. A newer target state replaces an older one; restarts come one after the other. */
export class ConnectorRequests {
  readonly #name: string
  #queue: readonly ConnectorRequest[] = []

  /** @param name of the connector */
  constructor(name: string) {
    this.#name = name
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  addTarget(target: TargetState): Promise<void> {
    const older = this.#queue.find(request => request.kind === 'target')
    if (older?.target === target) return older.done.promise
    older?.done.reject(superseded(this.#name, older.target, target))
    const done = deferred()
    this.#queue = [{ kind: 'target', target, done }, ...this.#queue.filter(request => request !== older)]
    return done.promise
  }

  addRestart(restart: Restart): Promise<void> {
    const done = deferred()
    this.#queue = [...this.#queue, { kind: 'restart', restart, done }]
    return done.promise
  }

  take(): ConnectorRequest | undefined {
    const [first, ...rest] = this.#queue
    this.#queue = rest
    return first
  }

  /** Nothing of it will be done. */
  refuseAll(error: ConnectError): void {
    for (const { done } of this.#queue) done.reject(error)
    this.#queue = []
  }
}

function superseded(name: string, older: TargetState, newer: TargetState): ConnectError {
  const message = `Connector ${name} was to become ${older}, but has been asked to become ${newer} before`
  return new ConnectError('SUPERSEDED', message, { kind: 'fatal', stage: 'start' })
}
