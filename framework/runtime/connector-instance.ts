import { ConnectError, type ConnectorContext, type Logger } from '../api/index.ts'
import type { RunnableConnector, TaskConfig } from './runnable-connector.ts'
import type { HostedTask, TaskHost } from './task-host.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

/** Tells that waiting for a call ended because nobody wants its outcome any more. */
export const INTERRUPTED = 'INTERRUPTED'

export interface ConnectorInstanceOptions {
  readonly name: string
  readonly connector: RunnableConnector
  /** How long one call may take. */
  readonly limitMs: number
  readonly logger: Logger
}

type CallName = 'start' | 'taskConfigs' | 'stop'

/**
 * One connector object from its start to its stop. Its methods are called one at a time, also where one does not return: then waiting ends
 * after the limit or when the signal aborts, and what is called next is called once it has returned.
 */
export class ConnectorInstance {
  readonly #options: ConnectorInstanceOptions
  #last: Promise<unknown> = Promise.resolve()
  #stopped: Promise<void> | undefined
  #pending: CallName | undefined
  #isGivenUp = false
  readonly #stopping = new AbortController()

  constructor(options: ConnectorInstanceOptions) {
    this.#options = options
  }

  /** The call that has not returned. */
  get pending(): CallName | undefined {
    return this.#pending
  }

  /** Nobody waits any more for a call of it that has not returned. */
  get isGivenUp(): boolean {
    return this.#isGivenUp
  }

  /** @throws ConnectError CONNECTOR_TIMEOUT, INTERRUPTED, besides what the connector throws */
  start(context: Omit<ConnectorContext, 'signal'>, signal: AbortSignal): Promise<void> {
    return this.#within('start', signal, () => this.#options.connector.start({ ...context, signal: this.#stopping.signal }))
  }

  /** @throws ConnectError CONNECTOR_TIMEOUT, INTERRUPTED, besides what the connector throws */
  taskConfigs(maxTasks: number, signal: AbortSignal): Promise<readonly TaskConfig[]> {
    return this.#within('taskConfigs', signal, () => this.#options.connector.taskConfigs(maxTasks))
  }

  createHost(task: HostedTask): TaskHost {
    return this.#options.connector.createHost(task)
  }

  /** Has its `stop` called, once; a failure is logged. @throws ConnectError CONNECTOR_TIMEOUT, INTERRUPTED */
  stop(signal: AbortSignal): Promise<void> {
    return this.#limited('stop', signal, this.#stopOnce())
  }

  /** The same without a limit, up to the signal. Never rejects. */
  async ended(signal: AbortSignal): Promise<'stopped' | 'left'> {
    const outcome = await untilAborted(this.#stopOnce(), signal, error => this.#late('stop', error))
    return outcome === ABORTED ? 'left' : 'stopped'
  }

  #stopOnce(): Promise<void> {
    this.#stopping.abort()
    const { connector, name, logger } = this.#options
    this.#stopped ??= this.#call('stop', async () => {
      try {
        await connector.stop()
      } catch (error) {
        logger.warn({ error }, `Connector ${name} failed while stopping`)
      }
    })
    return this.#stopped
  }

  #within<T>(call: CallName, signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    return this.#limited(call, signal, this.#call(call, job))
  }

  #call<T>(call: CallName, job: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      this.#pending = call
      try {
        return await job()
      } finally {
        this.#pending = undefined
      }
    }
    const running = this.#last.then(run, run)
    this.#last = running
    return running
  }

  async #limited<T>(call: CallName, signal: AbortSignal, running: Promise<T>): Promise<T> {
    const { limitMs } = this.#options
    const over = new AbortController()
    const timer = Number.isFinite(limitMs) ? setTimeout(() => over.abort(), limitMs) : undefined
    const either = AbortSignal.any([signal, over.signal])
    const outcome = await untilAborted(running, either, error => this.#late(call, error)).finally(() => clearTimeout(timer))
    if (outcome !== ABORTED) return outcome
    this.#isGivenUp = true
    throw signal.aborted ? this.#interrupted(call) : this.#timedOut(call)
  }

  #timedOut(call: CallName): ConnectError {
    const { name, limitMs } = this.#options
    const pending = this.#pending ?? call
    const message = `${pending}() of connector ${name} has not returned for ${limitMs} ms: it is not waited for any longer. Restart the connector once its cause is found; other connectors are not affected`
    return new ConnectError('CONNECTOR_TIMEOUT', message, { kind: 'retriable', stage: call === 'stop' ? 'stop' : 'start' })
  }

  #interrupted(call: CallName): ConnectError {
    const message = `${call}() of connector ${this.#options.name} is not waited for any longer: something else was asked for`
    return new ConnectError(INTERRUPTED, message, { kind: 'retriable', stage: 'start' })
  }

  #late(call: CallName, error: unknown): void {
    const { logger, name } = this.#options
    logger.debug({ error }, `Connector ${name}: ${call}() ended with an error after nobody waited for it any more`)
  }
}
