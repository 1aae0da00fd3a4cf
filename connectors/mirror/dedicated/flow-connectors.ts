import type { SourceConnector } from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { RecordEncoder } from '../../../framework/kafka/record-encoder.ts'
import { KafkaWriter } from '../../../framework/kafka/writer/writer.ts'
import {
  defaultSourceTaskSettings,
  parseErrorConfig,
  type SourceTaskSettings,
  type TaskServices,
  type TraceOptions,
} from '../../../framework/runtime/index.ts'
import { type BatchVerb, SpanAttribute, traceKeys, traceSettings } from '../../../framework/telemetry/index.ts'
import { dataCodec, dataProducerSettings, type HeartbeatFlow, type MirrorFlow } from '../config/index.ts'
import { mirrorDescription } from '../observe/part-description.ts'
import type { FlowConnector } from './flow-services.ts'
import type { OpenTransforms } from './flow-transforms.ts'

/** Four full batches. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024

type Flow = MirrorFlow | HeartbeatFlow

/** Far more than one heartbeat takes: the next is written when the last one has arrived. */
const HEARTBEAT_BYTES = 16_384

/** What copies a flow's records. @param openTransforms undefined = as bytes */
export function copyingConnector(
  flow: MirrorFlow,
  target: Cluster,
  openTransforms: OpenTransforms | undefined,
  createConnector: () => SourceConnector,
): FlowConnector {
  const { sourceConfig } = flow
  const config = flow.connectors.MirrorSourceConnector
  const windowBytes = sourceConfig['isthmus.window.bytes']
  return {
    name: sourceConfig.name,
    offsetsName: sourceConfig.name,
    config,
    maxTasks: sourceConfig['tasks.max'],
    createConnector,
    services: {
      createWriter: writersOf(flow, config),
      ...transformingServices(flow, target, openTransforms),
      trace: { ...tracesOf(flow, traceSettings(sourceConfig)), verb: 'mirror', describe: mirrorDescription },
      settings: {
        ...settingsOf(flow),
        windowBytes,
        permitBytes: Math.min(windowBytes, sourceConfig['isthmus.fetch.max.bytes']),
      },
    },
  }
}

function tracesOf({ name, source, target }: Flow, settings: TraceOptions['settings']): TraceOptions {
  return {
    settings,
    attributes: {
      [SpanAttribute.flow]: name,
      [SpanAttribute.sourceCluster]: source,
      [SpanAttribute.targetCluster]: target,
    },
  }
}

/** Batches that pass a transform are made anew, compressed as the producer's `compression.type` says. */
function transformingServices(
  flow: MirrorFlow,
  target: Cluster,
  openPipeline: OpenTransforms | undefined,
): Pick<TaskServices, 'encodeRecords' | 'openPipeline' | 'errors'> {
  const config = flow.connectors.MirrorSourceConnector
  const encoder = new RecordEncoder(target, dataCodec(flow.workerProperties, config))
  return {
    encodeRecords: records => encoder.encode(records),
    ...(openPipeline && { openPipeline, errors: parseErrorConfig(config) }),
  }
}

/** What writes a flow's heartbeats. */
export function heartbeatConnector(flow: Flow, target: Cluster, createConnector: () => SourceConnector): FlowConnector {
  return recordConnector({
    name: 'MirrorHeartbeatConnector',
    verb: 'heartbeat',
    windowBytes: HEARTBEAT_BYTES,
    flow,
    target,
    createConnector,
  })
}

/** What writes a flow's checkpoints. */
export function checkpointConnector(flow: MirrorFlow, target: Cluster, createConnector: () => SourceConnector): FlowConnector {
  return recordConnector({
    name: 'MirrorCheckpointConnector',
    verb: 'checkpoint',
    windowBytes: CHECKPOINT_BYTES,
    flow,
    target,
    createConnector,
  })
}

interface RecordConnectorOptions {
  readonly name: 'MirrorHeartbeatConnector' | 'MirrorCheckpointConnector'
  readonly verb: BatchVerb
  readonly windowBytes: number
  readonly flow: Flow
  readonly target: Cluster
  readonly createConnector: () => SourceConnector
}

/** One task that makes records of its own, every batch of which is traced: they are few. It makes no more at once than fit into the window. */
function recordConnector({ name, verb, windowBytes, flow, target, createConnector }: RecordConnectorOptions): FlowConnector {
  const config = flow.connectors[name]
  const encoder = new RecordEncoder(target)
  return {
    name,
    offsetsName: config.name ?? name,
    config,
    maxTasks: 1,
    createConnector,
    services: {
      createWriter: writersOf(flow, config),
      encodeRecords: records => encoder.encode(records),
      trace: { ...tracesOf(flow, { ...traceSettings(parseConfig(traceKeys, config)), ratio: 1 }), verb },
      settings: { ...settingsOf(flow), windowBytes, permitBytes: windowBytes },
    },
  }
}

function settingsOf({ worker }: Flow): SourceTaskSettings {
  return {
    ...defaultSourceTaskSettings,
    flushIntervalMs: worker.offsetFlushIntervalMs,
    flushTimeoutMs: worker.offsetFlushTimeoutMs,
    gracefulTimeoutMs: worker.taskShutdownGracefulTimeoutMs,
  }
}

function writersOf(flow: Flow, config: Readonly<Record<string, string>>): TaskServices['createWriter'] {
  return async task => {
    const index = Number(task.taskId.slice(task.taskId.lastIndexOf('-') + 1))
    const { client, writer } = dataProducerSettings(flow.workerProperties, config, index)
    const cluster = new Cluster(client, task.logger)
    try {
      return await KafkaWriter.open(cluster, task.signal, writer)
    } catch (error) {
      await cluster.close()
      throw error
    }
  }
}
