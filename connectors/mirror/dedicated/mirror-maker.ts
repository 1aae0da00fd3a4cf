import type { Observable, Subscription } from 'rxjs'
import { merge } from 'rxjs'
import type { ConnectError, Logger } from '../../../framework/api/index.ts'
import { periodically } from '../../../framework/flow/index.ts'
import type { Side } from '../config/clients.ts'
import type { ReportedFlow } from '../observe/observed-flow.ts'
import { FlowRunner } from './flow-runner.ts'
import type { FlowServices } from './flow-services.ts'
import type { FlowStatus } from './flow-status.ts'

const SAMPLE_MS = 1_000

/** A cluster that a flow cannot do without and that did not answer. */
export interface UnreachableCluster {
  /** `A->B`. */
  readonly flow: string
  readonly side: Side
  readonly error: ConnectError
}

/** Runs flows in one process. One flow's trouble never stops another. */
export class MirrorMaker {
  readonly #flows: readonly FlowRunner[]
  /** Without these there is no point in going on: the flows that copy or, where none does, those that beat. */
  readonly #vital: readonly FlowRunner[]
  readonly #logger: Logger
  #sampling: Subscription | undefined

  /** @param flows what each flow runs on, e.g. `kafkaFlowServices(…)` */
  constructor(flows: readonly FlowServices[], logger: Logger) {
    this.#flows = flows.map(services => new FlowRunner(services))
    const copying = this.#flows.filter(({ role }) => role === 'copy')
    this.#vital = copying.length > 0 ? copying : this.#flows
    this.#logger = logger
  }

  /** Each change of a flow's state or cause. */
  get change$(): Observable<void> {
    return merge(...this.#flows.map(flow => flow.change$))
  }

  /** Flows that have FAILED, and why. Those that only write heartbeats count only where no other was asked for; here and below. */
  get failed(): ReadonlyMap<string, ConnectError> {
    return new Map(this.#vital.flatMap(({ name, error }) => (error === undefined ? [] : [[name, error] as const])))
  }

  get flowCount(): number {
    return this.#vital.length
  }

  /** Once. Returns at once. */
  start(): void {
    const report = (error: unknown): void => this.#logger.error({ error }, 'The flows could not be measured')
    for (const flow of this.#flows) flow.start()
    const sampling$ = periodically(async () => this.#sample(), { everyMs: SAMPLE_MS, report })
    this.#sampling = sampling$.subscribe({ error: report })
  }

  /**
   * Resolves with the clusters that have not answered, or refused us, `withinMs` after the call; at the earliest when nothing is left to wait
   * for. Empty when all answered. The flows go on trying meanwhile and afterwards.
   */
  async unreachable(withinMs: number): Promise<readonly UnreachableCluster[]> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>(resolve => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([Promise.all(this.#vital.map(flow => flow.reached)), timeout])
    clearTimeout(timer)
    return this.#vital
      .filter(isWaiting)
      .flatMap(flow => [...flow.unreachable].map(([side, error]) => ({ flow: flow.name, side, error })))
  }

  #sample(): void {
    for (const flow of this.#flows) flow.sample()
  }

  status(): readonly FlowStatus[] {
    return this.#flows.map(flow => flow.status())
  }

  /** For metrics, health and status. */
  observed(): readonly ReportedFlow[] {
    return this.#flows.map(flow => flow.observed())
  }

  /** Drains all flows in parallel within `task.shutdown.graceful.timeout.ms`, then leaves their groups, so that a standby takes over at once. */
  async stop(): Promise<void> {
    await Promise.all(this.#flows.map(flow => flow.stop()))
    this.#sampling?.unsubscribe()
  }

  /** Waits for nothing. What was not acknowledged is copied again by the next process, once the session timeout has passed. */
  stopNow(): void {
    for (const flow of this.#flows) flow.stopNow()
    this.#sampling?.unsubscribe()
  }
}

/** Not a flow that has failed for another reason meanwhile. */
function isWaiting({ error, unreachable }: FlowRunner): boolean {
  return error === undefined || [...unreachable.values()].includes(error)
}
