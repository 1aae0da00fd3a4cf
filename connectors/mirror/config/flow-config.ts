import type { Findings } from '../../../framework/config/findings.ts'
import { tryParseConfig } from '../../../framework/config/parse.ts'
import { tryParseWorkerConfig, type WorkerConfig } from '../../../framework/config/worker-config.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { tryCheckpointClients } from './checkpoint-clients.ts'
import { type CheckpointConfig, checkpointDefinition, emitsCheckpoints } from './checkpoint-config.ts'
import { type ProducerSettings, toClientSettings, toProducerSettings } from './client-settings.ts'
import { dataProducerProperties, workerClientProperties } from './clients.ts'
import { emitsHeartbeats, type HeartbeatConfig, heartbeatDefinition } from './heartbeat-config.ts'
import { type ClusterPair, MIRROR_CONNECTORS, type MirrorConnectorName, type MirrorMakerConfig } from './mirror-maker-config.ts'
import { NamesInFile } from './names-in-file.ts'
import {
  type SourceConnectorClients,
  type SourceTaskClients,
  trySourceConnectorClients,
  trySourceTaskClients,
} from './source-clients.ts'
import { type SourceConfig, tryParseSourceConfig } from './source-config.ts'

type Properties = Readonly<Record<string, string>>

/** Settings of every client of a flow. Client ids with a task's number are those of task 0. */
export interface FlowClients extends SourceConnectorClients, SourceTaskClients {
  readonly dataProducer: ProducerSettings
  /** Group membership and the storage topics, on the target. */
  readonly worker: ClientSettings
}

/** A pair of clusters with a worker on the target, whatever it does. */
interface WorkerOfPair extends ClusterPair {
  /** `A->B`. */
  readonly name: string
  /** Configuration of each connector, variables resolved. */
  readonly connectors: Readonly<Record<MirrorConnectorName, Properties>>
  /** As written, variables and all: what may be stored. */
  readonly connectorsAsWritten: Readonly<Record<MirrorConnectorName, Properties>>
  readonly workerProperties: Properties
  readonly worker: WorkerConfig
  readonly clients: Pick<FlowClients, 'worker'>
}

/** One enabled flow, all of it understood. */
export interface MirrorFlow extends WorkerOfPair {
  readonly sourceConfig: SourceConfig
  /** Absent = none are written. */
  readonly heartbeats?: HeartbeatConfig
  /** Absent = none are written. */
  readonly checkpoints?: CheckpointConfig
  readonly clients: FlowClients
}

/** A pair that copies no records: its worker only writes heartbeats to the target. */
export interface HeartbeatFlow extends WorkerOfPair {
  readonly heartbeats: HeartbeatConfig
}

/** The file that a flow is read from. */
export interface FlowSource {
  readonly config: MirrorMakerConfig
  readonly raw: Properties
  readonly resolve: (properties: Properties) => Properties
}

/** Reads one flow; undefined after a problem. */
export function readFlow(file: FlowSource, pair: ClusterPair, findings: Findings): MirrorFlow | undefined {
  const names = new NamesInFile(file.raw, pair)
  const pairConfig = readPair(file, pair)
  const { connectors, workerProperties } = pairConfig
  const properties = connectors.MirrorSourceConnector
  const ofConnector = findings.renaming(key => names.connector(key))

  const heartbeats = readHeartbeats(connectors.MirrorHeartbeatConnector, names, findings)
  const sourceConfig = tryParseSourceConfig(properties, ({ key, value, message }) => ofConnector.problem(key, value, message))
  const worker = readWorker(workerProperties, names, findings)
  const clients = readClients(properties, workerProperties, names, findings)
  const checkpoints = readCheckpoints(connectors.MirrorCheckpointConnector, names, findings)
  if (properties['offsets.storage.topic'] !== undefined) {
    const message = 'an offsets topic per connector is not supported; remove it, offsets are in offset.storage.topic'
    ofConnector.problem('offsets.storage.topic', properties['offsets.storage.topic'], message)
  }
  if (sourceConfig === undefined || worker === undefined || clients === undefined) return undefined
  if (heartbeats === undefined || checkpoints === undefined) return undefined
  const isTranslated = sourceConfig['emit.offset-syncs.enabled'] && emitsCheckpoints(checkpoints)
  if (!isTranslated) warnOfIdleSync(checkpoints, sourceConfig, names, findings)
  return {
    ...pairConfig,
    sourceConfig,
    worker,
    clients,
    ...(emitsHeartbeats(heartbeats) ? { heartbeats } : {}),
    ...(isTranslated ? { checkpoints } : {}),
  }
}

/** Reads a pair that only beats; undefined after a problem, and where its connector's own settings say that it does not. */
export function readHeartbeatFlow(file: FlowSource, pair: ClusterPair, findings: Findings): HeartbeatFlow | undefined {
  const names = new NamesInFile(file.raw, pair)
  const pairConfig = readPair(file, pair)
  const heartbeats = readHeartbeats(pairConfig.connectors.MirrorHeartbeatConnector, names, findings)
  const worker = readWorker(pairConfig.workerProperties, names, findings)
  const client = readWorkerClient(pairConfig.workerProperties, names, findings)
  if (heartbeats === undefined || worker === undefined || client === undefined || !emitsHeartbeats(heartbeats)) return undefined
  return { ...pairConfig, worker, clients: { worker: client }, heartbeats }
}

function readPair({ config, resolve }: FlowSource, pair: ClusterPair): Omit<WorkerOfPair, 'worker' | 'clients'> {
  const connectorsAsWritten = forEachConnector(connector => config.connectorBaseConfig(pair, connector))
  return {
    source: pair.source,
    target: pair.target,
    name: `${pair.source}->${pair.target}`,
    connectors: forEachConnector(connector => resolve(connectorsAsWritten[connector])),
    connectorsAsWritten,
    workerProperties: config.workerConfig(pair),
  }
}

function readHeartbeats(properties: Properties, names: NamesInFile, findings: Findings): HeartbeatConfig | undefined {
  const ofConnector = findings.renaming(key => names.connector(key))
  return tryParseConfig(heartbeatDefinition, properties, ({ key, value, message }) => ofConnector.problem(key, value, message))
}

function readCheckpoints(properties: Properties, names: NamesInFile, findings: Findings): CheckpointConfig | undefined {
  const ofConnector = findings.renaming(key => names.connector(key))
  const config = tryParseConfig(checkpointDefinition, properties, ({ key, value, message }) =>
    ofConnector.problem(key, value, message),
  )
  const clients = tryCheckpointClients(properties, (side, kind) => findings.renaming(names.client(side, kind)))
  return clients && config
}

function warnOfIdleSync(config: CheckpointConfig, source: SourceConfig, names: NamesInFile, findings: Findings): void {
  if (!config['sync.group.offsets.enabled']) return
  const key = source['emit.offset-syncs.enabled'] ? 'emit.checkpoints.enabled' : 'emit.offset-syncs.enabled'
  const message = `has no effect: offsets of groups are translated only where ${names.connector(key)} is true; set that, or remove this line`
  findings.warning(names.connector('sync.group.offsets.enabled'), 'true', message)
}

function readWorker(properties: Properties, names: NamesInFile, findings: Findings): WorkerConfig | undefined {
  return tryParseWorkerConfig(properties, ({ key, value, message }) => findings.problem(names.worker(key), value, message))
}

function readWorkerClient(properties: Properties, names: NamesInFile, findings: Findings): ClientSettings | undefined {
  const report = findings.renaming(key => names.worker(key))
  return toClientSettings(workerClientProperties(properties), 'worker', report)
}

function readClients(connector: Properties, worker: Properties, names: NamesInFile, findings: Findings): FlowClients | undefined {
  const reporterFor: Parameters<typeof trySourceTaskClients>[1] = (side, kind) => findings.renaming(names.client(side, kind))
  const ofConnector = trySourceConnectorClients(connector, reporterFor)
  const ofTask = trySourceTaskClients({ ...connector, 'task.index': '0' }, reporterFor)
  const { 'compression.type': _, ...others } = dataProducerProperties(worker, connector, 0)
  const dataProducer = toProducerSettings(
    (connector.transforms ?? '').trim() === '' ? dataProducerProperties(worker, connector, 0) : others,
    findings.renaming(key => names.dataProducer(key)),
  )
  const ofWorker = readWorkerClient(worker, names, findings)
  return ofConnector && ofTask && dataProducer && ofWorker && { ...ofConnector, ...ofTask, dataProducer, worker: ofWorker }
}

function forEachConnector(
  make: (connector: MirrorConnectorName) => Properties,
): Readonly<Record<MirrorConnectorName, Properties>> {
  return Object.fromEntries(MIRROR_CONNECTORS.map(connector => [connector, make(connector)])) as Record<
    MirrorConnectorName,
    Properties
  >
}
