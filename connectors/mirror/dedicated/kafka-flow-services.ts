import { hostname } from 'node:os'
import type { Logger, SourceConnector } from '../../../framework/api/index.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { GroupMember } from '../../../framework/kafka/group-member.ts'
import { listLogSpans } from '../../../framework/kafka/reader/log-spans.ts'
import type { HeartbeatFlow, MirrorFlow } from '../config/index.ts'
import { FlowObservations } from '../observe/flow-observations.ts'
import { checkpointConnector, copyingConnector, heartbeatConnector } from './flow-connectors.ts'
import type { FlowServices } from './flow-services.ts'
import type { OpenTransforms } from './flow-transforms.ts'
import { openOffsets } from './open-offsets.ts'

export interface KafkaFlowOptions<F> {
  readonly flow: F
  readonly logger: Logger
  /** `isthmus/0.1.0`: tells other members of the group who we are. */
  readonly program: string
}

/** The flow's connectors, made anew for each run. */
export interface ConnectorFactories {
  source(observations: FlowObservations): SourceConnector
  checkpoint(observations: FlowObservations): SourceConnector
  heartbeat(observations: FlowObservations): SourceConnector
}

export interface CopyOptions extends KafkaFlowOptions<MirrorFlow> {
  /** Undefined = records are copied as bytes. */
  readonly openTransforms?: OpenTransforms | undefined
}

/** A flow between two real clusters. */
export function kafkaFlowServices(options: CopyOptions, make: ConnectorFactories): FlowServices {
  const { flow, logger, openTransforms } = options
  const target = new Cluster(flow.clients.worker, logger)
  const shared = targetServices(options, target)
  const source = new Cluster(flow.clients.sourceAdmin, logger)
  return {
    ...shared,
    role: 'copy',
    lossNoticeMs: flow.sourceConfig['isthmus.source.gap.notice.ms'],
    main: copyingConnector(flow, target, openTransforms, () => make.source(shared.observations)),
    companions: [
      ...(flow.checkpoints === undefined ? [] : [checkpointConnector(flow, target, () => make.checkpoint(shared.observations))]),
      ...(flow.heartbeats === undefined ? [] : [heartbeatConnector(flow, target, () => make.heartbeat(shared.observations))]),
    ],
    reach: side => (side === 'target' ? askBrokers(target) : reachSource(flow.clients.sourceAdmin, logger)),
    sourceLogs: partitions => {
      const asked = partitions.map(({ topic, partition }) => ({ topic: String(topic), partition: Number(partition) }))
      return listLogSpans(source, asked, flow.clients.consumer.reader.isolation)
    },
    async close() {
      source.close().catch((error: unknown) => logger.debug({ error }, 'Closing the connections to the source failed'))
      await shared.close()
    },
  }
}

/** A pair that only beats: nothing is asked of the source. */
export function kafkaHeartbeatServices(
  options: KafkaFlowOptions<HeartbeatFlow>,
  make: Pick<ConnectorFactories, 'heartbeat'>,
): FlowServices {
  const { flow, logger } = options
  const target = new Cluster(flow.clients.worker, logger)
  const shared = targetServices(options, target)
  return {
    ...shared,
    role: 'heartbeats',
    main: heartbeatConnector(flow, target, () => make.heartbeat(shared.observations)),
    companions: [],
    reach: async side => (side === 'target' ? askBrokers(target) : undefined),
  }
}

type TargetServices = Omit<FlowServices, 'role' | 'main' | 'companions' | 'reach'>

function targetServices(
  { flow, logger, program }: KafkaFlowOptions<MirrorFlow | HeartbeatFlow>,
  target: Cluster,
): TargetServices {
  const { worker } = flow
  const observations = new FlowObservations()
  return {
    logger,
    name: flow.name,
    source: flow.source,
    target: flow.target,
    observations,
    gracefulTimeoutMs: worker.taskShutdownGracefulTimeoutMs,
    join: signal =>
      GroupMember.join(
        target,
        {
          groupId: worker.groupId,
          sessionTimeoutMs: worker.sessionTimeoutMs,
          rebalanceTimeoutMs: worker.rebalanceTimeoutMs,
          heartbeatIntervalMs: worker.heartbeatIntervalMs,
          clientInfo: `${program} on ${hostname()}, process ${process.pid}`,
          rebalances: observations.rebalances,
        },
        signal,
      ),
    openOffsets: signal => openOffsets(flow, target, signal),
    async close() {
      target.close().catch((error: unknown) => logger.debug({ error }, 'Closing the connections to the target failed'))
    },
  }
}

/** A broker that wants another security protocol takes the connection and ends it at the first request. */
async function askBrokers(cluster: Cluster): Promise<void> {
  await cluster.describeTopics([])
}

/** On a connection of its own: those of the connector and its tasks are theirs. */
async function reachSource(settings: ClientSettings, logger: Logger): Promise<void> {
  const cluster = new Cluster(settings, logger)
  try {
    await askBrokers(cluster)
  } finally {
    await cluster.close()
  }
}
