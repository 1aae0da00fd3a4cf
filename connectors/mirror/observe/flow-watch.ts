import type { Subscription } from 'rxjs'
import type { ConnectError, Logger } from '../../../framework/api/index.ts'
import { Seldom } from '../../../framework/flow/index.ts'
import type { GroupMemberState } from '../../../framework/kafka/group-member.ts'
import type { PartitionEntry, PartitionRegistry, WorkerStatus } from '../../../framework/runtime/index.ts'
import { type NewEvent, partitionEvent, WorkerWatch } from '../../../framework/runtime/status-report/index.ts'
import { besideSpan, SpanAttribute } from '../../../framework/telemetry/index.ts'
import type { Side } from '../config/clients.ts'
import { ClusterWatch } from './cluster-watch.ts'
import type { FlowObservations } from './flow-observations.ts'
import { FlowSpans } from './flow-spans.ts'
import { severityOfFlow } from './state-severity.ts'

const SIDES: readonly Side[] = ['source', 'target']

export interface FlowWatchOptions {
  readonly name: string
  readonly source: string
  readonly target: string
  readonly observations: FlowObservations
  readonly logger: Logger
  /** Of the connector that copies. */
  readonly partitions: PartitionRegistry
}

/** What a flow knows of its clusters. */
export interface ClusterLook {
  /** What does not answer, as somebody found who waits for it. */
  readonly causes: ReadonlyMap<Side, ConnectError>
  /** What somebody waits for, without knowing yet. */
  readonly awaited: ReadonlySet<Side>
  /** Undefined = nothing is copied here at present. */
  readonly copying: readonly PartitionEntry[] | undefined
  /** Of the group on the target. */
  readonly membership: GroupMemberState['kind']
}

/** Turns what becomes of a flow into events. */
export class FlowWatch {
  readonly clusters: ClusterWatch
  readonly #options: FlowWatchOptions
  readonly #worker: WorkerWatch
  readonly #partitionEvents: Subscription
  readonly #spans: FlowSpans
  /** Of clusters that come and go. */
  readonly #warnings = new Seldom(20)
  readonly #silent = new Set<Side>()
  #isTroubled = false

  constructor(options: FlowWatchOptions) {
    const { observations, partitions, source, target } = options
    const { events } = observations
    this.#options = options
    this.#worker = new WorkerWatch((event, atMs) => events.add(event, atMs))
    this.#spans = new FlowSpans(options)
    this.clusters = new ClusterWatch({ source, target }, (event, side) => this.#clusterEvent(event, side))
    this.#partitionEvents = partitions.event$.subscribe(happening => events.add(partitionEvent(happening)))
  }

  /** The state, or why it is so, has changed. */
  state(state: string, cause: string | undefined, error: ConnectError | undefined, hasChanged: boolean): void {
    const { name, observations } = this.#options
    const own = severityOfFlow(state)
    const severity = own === 'ok' && error !== undefined ? 'warning' : own
    const isMended = severity === 'ok' && this.#isTroubled
    const isWorse = severity !== 'ok' && (hasChanged || !this.#isTroubled)
    this.#isTroubled = severity !== 'ok'
    if (!hasChanged && severity === 'ok' && !isMended) return
    const because = cause === undefined ? '' : `: ${cause}`
    const event: NewEvent = {
      severity,
      kind: 'flow-state',
      code: error?.code ?? state,
      message: `Flow ${name}: ${state}${because}`,
    }
    observations.events.add(event)
    if (isWorse) this.#spans.tell('flow', name, event)
  }

  /** The status of connectors or tasks has changed. */
  worker(status: WorkerStatus): void {
    this.#worker.look(status)
  }

  /** To be called about once a second. */
  lookAtClusters(look: ClusterLook): void {
    if (look.membership === 'left' && look.causes.size === 0) this.clusters.forget()
    else for (const side of SIDES) this.#lookAt(side, look)
  }

  #clusterEvent(event: NewEvent, side: Side): void {
    const { name, observations, logger, [side]: alias } = this.#options
    const { severity, code, message } = event
    observations.events.add(event)
    if (severity === 'ok') {
      this.#silent.delete(side)
      logger.info({ cluster: alias }, `Flow ${name}: ${message}`)
      return
    }
    const span = this.#spans.tell('cluster', alias, event, { [SpanAttribute.side]: side })
    const level = this.#silent.has(side) ? 'debug' : this.#warnings.level('warn')
    this.#silent.add(side)
    besideSpan(span, () => logger[level]({ cluster: alias, code }, `Flow ${name}: ${message}`))
  }

  close(): void {
    this.#partitionEvents.unsubscribe()
  }

  /** While nothing is copied, the source is not heard of: what was known of it stays. */
  #lookAt(side: Side, { causes, copying, awaited, membership }: ClusterLook): void {
    const error = causes.get(side)
    if (error !== undefined) {
      const severity = error.retriable ? 'warning' : 'error'
      this.clusters.look(side, { severity, cause: error.message, code: error.code })
    } else if (copying !== undefined) {
      const cause = causeOfAll(copying, side)
      this.clusters.look(side, cause === undefined ? undefined : { severity: 'warning', cause })
    } else if (side === 'target' && membership !== 'joining' && !awaited.has(side)) this.clusters.look(side, undefined)
  }
}

/** Why no partition makes progress because of this side; undefined = one does. */
function causeOfAll(entries: readonly PartitionEntry[], side: Side): string | undefined {
  let first: string | undefined
  for (const entry of entries) {
    const status = entry.retryingOn(side)
    if (status === undefined) return undefined
    first ??= status.cause ?? 'without a reason'
  }
  return first
}
