import type { ConnectError, Logger } from '../api/index.ts'
import { connectorComponent, inComponent } from '../telemetry/index.ts'
import { ConnectorInstance } from './connector-instance.ts'
import type { RunnableConnector, TaskConfig } from './runnable-connector.ts'
import type { StartupCount } from './startups.ts'
import type { HostedTask, TaskHost } from './task-host.ts'

export interface ConnectorInstancesOptions {
  readonly name: string
  readonly config: TaskConfig
  readonly createConnector: () => RunnableConnector
  /** How long one call may take. */
  readonly callTimeoutMs: number
  /** Counts how starts end. */
  readonly startups: StartupCount
  readonly logger: Logger
  /** The connector asks for new task configurations. */
  readonly onRequest: () => void
  /** The connector says that it has failed. */
  readonly onRaise: (error: ConnectError) => void
  /** As `onRaise`, by one that is not the current one any more. */
  readonly onLate: (error: unknown) => void
}

/** The objects that a connector is in the course of time, one for each start. What one asks for after its end has no effect. */
export class ConnectorInstances {
  readonly #options: ConnectorInstancesOptions
  readonly #everything = new AbortController()
  #current: ConnectorInstance | undefined
  /** Makes the tasks: the last one that configured them, though it may be stopped. */
  #hosting: ConnectorInstance | undefined
  /** Those that have not stopped yet. */
  readonly #retired = new Map<ConnectorInstance, Promise<void>>()

  constructor(options: ConnectorInstancesOptions) {
    this.#options = options
  }

  get isStarted(): boolean {
    return this.#current !== undefined
  }

  /** A new one, once the one before has stopped or is given up. @throws what its code throws, CONNECTOR_TIMEOUT, INTERRUPTED */
  async start(signal: AbortSignal): Promise<void> {
    await this.stop(signal)
    const { createConnector, name, config, callTimeoutMs: limitMs, startups, logger, onRequest, onRaise, onLate } = this.#options
    const ownLogger = inComponent(logger, connectorComponent(name))
    const instance = new ConnectorInstance({ name, connector: createConnector(), limitMs, logger })
    this.#current = instance
    const requestTaskReconfiguration = (): void => {
      if (this.#current === instance) onRequest()
    }
    const raiseError = (error: ConnectError): void => (this.#current === instance ? onRaise(error) : onLate(error))
    try {
      await instance.start({ name, config, logger: ownLogger, requestTaskReconfiguration, raiseError }, signal)
      startups.succeeded++
    } catch (error) {
      if (!signal.aborted) startups.failed++
      this.#retire()
      throw error
    }
  }

  /** @param signal aborted = whoever waits for it does not any more */
  async taskConfigs(maxTasks: number, signal: AbortSignal): Promise<readonly TaskConfig[]> {
    const instance = this.#current!
    try {
      const configs = await instance.taskConfigs(maxTasks, signal)
      this.#hosting = instance
      return configs
    } catch (error) {
      if (instance.isGivenUp) this.#retire()
      throw error
    }
  }

  createHost(task: HostedTask): TaskHost {
    return this.#hosting!.createHost(task)
  }

  /** Resolves when none is left that stops and is not given up. @throws ConnectError CONNECTOR_TIMEOUT, INTERRUPTED */
  async stop(signal: AbortSignal): Promise<void> {
    this.#retire()
    await Promise.all([...this.#retired.keys()].map(instance => (instance.isGivenUp ? undefined : instance.stop(signal))))
  }

  /** Stops the current one; resolves when all have stopped, or soon after `leave`. */
  async end(): Promise<void> {
    this.#retire()
    await Promise.all(this.#retired.values())
  }

  /** Waits for none any more. */
  leave(): void {
    this.#everything.abort()
  }

  #retire(): void {
    const instance = this.#current
    this.#current = undefined
    if (instance !== undefined) this.#retired.set(instance, this.#follow(instance))
  }

  async #follow(instance: ConnectorInstance): Promise<void> {
    const { name, logger } = this.#options
    const outcome = await instance.ended(this.#everything.signal)
    this.#retired.delete(instance)
    if (outcome === 'left') {
      logger.warn({}, `Connector ${name} is left behind: its ${instance.pending ?? 'stop'}() has not returned`)
    }
  }
}
