import type { Reporter } from '../config/findings.ts'
import { propertiesBelow } from '../config/load-plugin.ts'
import { connectionKeys, parseClientConfig } from '../kafka/client-config/client-config.ts'
import type { ClientSettings } from '../kafka/client-settings.ts'
import type { WorkerSettings } from './worker-settings.ts'

type Properties = Readonly<Record<string, string>>

/**
 * How the clients of a connector connect: as the worker does, unless the worker's `producer.` or `consumer.` keys say otherwise, unless those of the
 * connector, `producer.override.` or `consumer.override.`, do. (Java's clients take the brokers alone from the worker's own settings.) Undefined after a problem.
 */
export function connectorClient(
  kind: 'producer' | 'consumer',
  worker: WorkerSettings,
  connector: Properties,
  report: Reporter,
): ClientSettings | undefined {
  const ofWorker = Object.fromEntries(Object.entries(worker.properties).filter(([key]) => isOfConnection(key)))
  const ofKind = propertiesBelow(worker.properties, `${kind}.`)
  const ofConnector = propertiesBelow(connector, `${kind}.override.`)
  const properties = { 'bootstrap.servers': worker.client.bootstrapServers.join(','), ...ofWorker, ...ofKind, ...ofConnector }
  return parseClientConfig(properties, named(report, kind, ofKind, ofConnector))
}

/** Tells of settings by the key that was written. */
function named(report: Reporter, kind: string, ofKind: Properties, ofConnector: Properties): Reporter {
  const nameOf = (key: string): string => {
    if (ofConnector[key] !== undefined) return `${kind}.override.${key}`
    return ofKind[key] === undefined ? key : `${kind}.${key}`
  }
  return {
    problem: (key, value, message) => report.problem(nameOf(key), value, message),
    warning: (key, value, message) => report.warning(nameOf(key), value, message),
  }
}

function isOfConnection(key: string): boolean {
  return Object.hasOwn(connectionKeys, key) || /^(ssl|sasl|security)\./.test(key)
}
