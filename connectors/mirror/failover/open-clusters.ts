import { ConfigError, ConnectError, type Logger } from '../../../framework/api/index.ts'
import { abortable } from '../../../framework/kafka/abortable.ts'
import { ConnectionError, SecurityError } from '../../../framework/kafka/client-errors.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import { checkpointClients } from '../config/checkpoint-clients.ts'
import type { Side } from '../config/clients.ts'
import { type MirrorFlow, offsetSyncsCluster } from '../config/index.ts'

/** Reading what a cluster stores may take longer than to reach it. */
const READ_FACTOR = 10
/** For an attempt under way to say itself why it fails. */
const GRACE_MS = 500

/** A cluster that is needed does not answer or refuses us. */
export class ClusterUnusable extends ConnectError {
  readonly alias: string
  readonly side: Side

  constructor(flow: MirrorFlow, side: Side, cause: ConnectError) {
    super('CLUSTER_UNUSABLE', cause.message, { kind: cause.kind, stage: 'start', cause })
    this.alias = flow[side]
    this.side = side
  }
}

/** How long is waited. */
export interface Limits {
  /** For a cluster to answer. */
  readonly timeoutMs: number
  /** Ends everything. */
  readonly signal: AbortSignal
}

/** Connections of a flow to both its clusters, with the rights and settings of its checkpoint connector. */
export class FlowClusters {
  readonly source: Cluster
  readonly target: Cluster
  readonly checkpoints: Cluster
  /** Where the flow's offset syncs lie. */
  readonly syncs: Cluster
  readonly syncsSide: Side
  readonly limits: Limits
  readonly #flow: MirrorFlow

  constructor(flow: MirrorFlow, limits: Limits, logger: Logger) {
    const clients = checkpointClients(flow.connectors.MirrorCheckpointConnector)
    this.source = new Cluster(clients.sourceAdmin, logger)
    this.target = new Cluster(clients.targetAdmin, logger)
    this.checkpoints = new Cluster(clients.checkpoints, logger)
    this.syncs = new Cluster(clients.offsetSyncs, logger)
    this.syncsSide = offsetSyncsCluster(flow.sourceConfig).side
    this.#flow = flow
    this.limits = limits
  }

  /** @throws ClusterUnusable */
  reach(side: Side): Promise<void> {
    return this.ask(side, 'asking its brokers', async cluster => {
      await cluster.describeTopics([])
    })
  }

  /**
   * Asks until there is an answer, within the time that a cluster may take.
   * @throws ClusterUnusable
   */
  async ask<T>(side: Side, what: string, job: (cluster: Cluster) => Promise<T>): Promise<T> {
    const cluster = this[side]
    const { timeoutMs, signal } = this.limits
    const hangs = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs + GRACE_MS)])
    const asking = (): Promise<T> => retrying(cluster, what, () => job(cluster), { timeoutMs, signal })
    return this.#blaming(side, () => abortable(asking(), hangs, what))
  }

  /**
   * Reads what a cluster stores, however many requests it takes.
   * @throws ClusterUnusable
   */
  async read<T>(side: Side, job: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { timeoutMs, signal } = this.limits
    const limit = AbortSignal.any([signal, AbortSignal.timeout(READ_FACTOR * timeoutMs)])
    return this.#blaming(side, () => abortable(job(limit), limit, `reading what ${this.#flow[side]} stores`))
  }

  /** Does not wait for connections that are being made. */
  close(): void {
    for (const cluster of [this.source, this.target, this.checkpoints, this.syncs]) {
      cluster.close().catch((error: unknown) => cluster.logger.debug({ error }, 'Closing connections failed'))
    }
  }

  async #blaming<T>(side: Side, job: () => Promise<T>): Promise<T> {
    try {
      return await job()
    } catch (error) {
      const isOther = !(error instanceof ConnectError) || error instanceof ConfigError || error instanceof ClusterUnusable
      if (isOther) throw error
      const cause =
        error.code === 'ABORTED' ? new ConnectionError('REQUEST_TIMEOUT', `${error.message}: no answer in time`) : error
      throw new ClusterUnusable(this.#flow, side, cause)
    }
  }
}

/** Whether the cluster was there and did not want us: not a cluster that is down. */
export const isRefusal = ({ cause }: ClusterUnusable): boolean =>
  cause instanceof SecurityError || (cause instanceof ConnectError && !cause.retriable)
