import { tryParseWorkerConfig, type WorkerConfig } from '../../../framework/config/worker-config.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { type ProducerSettings, toClientSettings, toProducerSettings } from './client-settings.ts'
import { dataProducerProperties, workerClientProperties } from './clients.ts'
import type { Findings } from './findings.ts'
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

/** One enabled flow, all of it understood. */
export interface MirrorFlow extends ClusterPair {
  /** `A->B`. */
  readonly name: string
  /** Configuration of each connector, variables resolved. */
  readonly connectors: Readonly<Record<MirrorConnectorName, Properties>>
  /** As written, variables and all: what may be stored. */
  readonly connectorsAsWritten: Readonly<Record<MirrorConnectorName, Properties>>
  readonly sourceConfig: SourceConfig
  readonly workerProperties: Properties
  readonly worker: WorkerConfig
  readonly clients: FlowClients
}

/** Reads one flow; undefined after a problem. */
export function readFlow(
  config: MirrorMakerConfig,
  pair: ClusterPair,
  raw: Properties,
  resolve: (properties: Properties) => Properties,
  findings: Findings,
): MirrorFlow | undefined {
  const names = new NamesInFile(raw, pair)
  const connectorsAsWritten = forEachConnector(connector => config.connectorBaseConfig(pair, connector))
  const connectors = forEachConnector(connector => resolve(connectorsAsWritten[connector]))
  const properties = connectors.MirrorSourceConnector
  const ofConnector = findings.renaming(key => names.connector(key))

  const sourceConfig = tryParseSourceConfig(properties, ({ key, value, message }) => ofConnector.problem(key, value, message))
  const workerProperties = config.workerConfig(pair)
  const worker = tryParseWorkerConfig(workerProperties, ({ key, value, message }) =>
    findings.problem(names.worker(key), value, message),
  )
  const clients = readClients(properties, workerProperties, names, findings)
  if (sourceConfig !== undefined && sourceConfig.transforms.length > 0) {
    ofConnector.problem('transforms', properties.transforms, 'transformations are not supported by the mirror; remove it')
  }
  if (properties['offsets.storage.topic'] !== undefined) {
    const message = 'an offsets topic per connector is not supported; remove it, offsets are in offset.storage.topic'
    ofConnector.problem('offsets.storage.topic', properties['offsets.storage.topic'], message)
  }
  if (sourceConfig === undefined || worker === undefined || clients === undefined) return undefined
  const name = `${pair.source}->${pair.target}`
  return {
    source: pair.source,
    target: pair.target,
    name,
    connectors,
    connectorsAsWritten,
    sourceConfig,
    workerProperties,
    worker,
    clients,
  }
}

function readClients(connector: Properties, worker: Properties, names: NamesInFile, findings: Findings): FlowClients | undefined {
  const reporterFor: Parameters<typeof trySourceTaskClients>[1] = (side, kind) => findings.renaming(names.client(side, kind))
  const ofConnector = trySourceConnectorClients(connector, reporterFor)
  const ofTask = trySourceTaskClients({ ...connector, 'task.index': '0' }, reporterFor)
  const dataProducer = toProducerSettings(
    dataProducerProperties(worker, connector, 0),
    findings.renaming(key => names.dataProducer(key)),
  )
  const ofWorker = toClientSettings(
    workerClientProperties(worker),
    'worker',
    findings.renaming(key => names.worker(key)),
  )
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
