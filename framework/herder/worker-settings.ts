import { ConfigError } from '../api/index.ts'
import { connectKeysWithoutEffect, connectPrefixes, connectWorkerKeys } from '../config/connect/worker-keys.ts'
import { type LeafValues, readLeaves } from '../config/convict-keys.ts'
import type { Reporter } from '../config/findings.ts'
import { didYouMean } from '../config/nearest.ts'
import { type ObserveSettings, observeKeyNames, readObserveSettings } from '../config/observe-keys.ts'
import { type ConfigProvider, configProviders, resolveVariables } from '../config/providers.ts'
import { connectionKeys, parseClientConfig } from '../kafka/client-config/client-config.ts'
import type { ClientSettings } from '../kafka/client-settings.ts'
import { parseRestartSettings, type RestartSettings, restartKeys } from '../runtime/index.ts'
import { warnOfClientKeys } from './client-keys.ts'

type Properties = Readonly<Record<string, string>>

/** All that a Connect worker's properties say. */
export interface WorkerSettings {
  /** Variables resolved. */
  readonly properties: Properties
  readonly config: LeafValues<typeof connectWorkerKeys>
  /** How the worker itself connects. */
  readonly client: ClientSettings
  /** Of connectors that do not say so themselves. */
  readonly restart: RestartSettings
  readonly observe: ObserveSettings
  /** For the variables of connectors. */
  readonly providers: ReadonlyMap<string, ConfigProvider>
}

const KNOWN: readonly string[] = [
  ...Object.values(connectWorkerKeys).map(({ kafka }) => kafka),
  ...Object.keys(connectionKeys),
  ...Object.keys(restartKeys),
  ...observeKeyNames,
  'header.converter',
  'config.providers',
]

/** Reads a worker's properties, as written; undefined after a problem. What has no effect, and what is not known, is warned about. */
export function readWorkerSettings(written: Properties, report: Reporter): WorkerSettings | undefined {
  const providers = configProviders(written, (key, message) => report.warning(key, written[key], message))
  const properties = resolveVariables(written, providers, ({ key, variable, reason }) =>
    report.warning(key, written[key], `${variable} stands as it is: ${reason}`),
  )
  warnOfKeys(properties, report)
  for (const kind of ['producer', 'consumer', 'admin'] as const) warnOfClientKeys(kind, `${kind}.`, properties, report)
  const config = readLeaves(connectWorkerKeys, properties, ({ key, value, message }) => report.problem(key, value, message))
  const isStored = checkOffsets(properties, report)
  const client = parseClientConfig({ 'bootstrap.servers': connectWorkerKeys.bootstrapServers.default, ...properties }, report)
  const restart = readRestart(properties, report)
  const observe = readObserveSettings(properties, report)
  if (observe === undefined || config === undefined || client === undefined || restart === undefined || !isStored)
    return undefined
  return { properties, config, client, restart, observe, providers }
}

function readRestart(properties: Properties, report: Reporter): RestartSettings | undefined {
  try {
    return parseRestartSettings(properties)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const { key, value, message } of error.problems) report.problem(key, value, message)
    return undefined
  }
}

function warnOfKeys(properties: Properties, report: Reporter): void {
  const hasTopic = Boolean(properties[connectWorkerKeys.offsetTopic.kafka]?.trim())
  const prefixes = connectPrefixes.filter(prefix => hasTopic || prefix !== 'offset.storage.')
  for (const [key, value] of Object.entries(properties)) {
    if (Object.hasOwn(connectKeysWithoutEffect, key)) {
      report.warning(key, value, `has no effect here: ${connectKeysWithoutEffect[key]}; remove it`)
    } else if (key === 'consumer.group.id') {
      report.warning(
        key,
        value,
        'has no effect here: each sink has a group of its own, connect-<name of the connector>; remove it',
      )
    } else if (!KNOWN.includes(key) && !prefixes.some(prefix => key.startsWith(prefix))) {
      report.warning(key, value, `is not known and has no effect${didYouMean(key, KNOWN)}`)
    }
  }
}

/** Java's standalone worker must have the file, its distributed one the topic; here either will do. */
function checkOffsets(properties: Properties, report: Reporter): boolean {
  const [file, topic] = [connectWorkerKeys.offsetFile, connectWorkerKeys.offsetTopic].map(({ kafka }) =>
    properties[kafka]?.trim(),
  )
  const { kafka: fileKey } = connectWorkerKeys.offsetFile
  if (file && topic) report.problem(fileKey, file, 'remove it, or remove offset.storage.topic: offsets are kept in one place')
  else if (!file && !topic) {
    report.problem(
      fileKey,
      properties[fileKey],
      'is missing; name the file that offsets of sources are kept in, or a topic as offset.storage.topic',
    )
  } else return true
  return false
}
