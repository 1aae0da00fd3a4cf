import type { Findings } from '../../../framework/config/findings.ts'
import { traceKeys } from '../../../framework/telemetry/index.ts'
import { policyAliases } from '../../../policies/index.ts'
import { AT_LEAST_ONCE, withoutEffect } from '../config/check-keys.ts'
import { tryCheckpointClients } from '../config/checkpoint-clients.ts'
import { toClientSettings } from '../config/client-settings.ts'
import { clientProperties, entityLabel, type Side } from '../config/clients.ts'
import { renamedKeys } from '../config/legacy-keys.ts'
import { type ReporterFor, trySourceConnectorClients, trySourceTaskClients } from '../config/source-clients.ts'
import { tryParseSourceConfig } from '../config/source-config.ts'

type Properties = Readonly<Record<string, string>>

export type MirrorKind = 'source' | 'checkpoint' | 'heartbeat'

/** Below these are the settings of a mirror's clients, and of classes of one's own. */
export const prefixes: readonly string[] = [
  ...['source.cluster.', 'source.consumer.', 'source.producer.', 'source.admin.'],
  ...['target.cluster.', 'target.consumer.', 'target.producer.', 'target.admin.'],
  ...['consumer.', 'producer.', 'admin.', 'replication.policy.'],
]

/** Classes of one's own may look at any key. */
export function prefixesOf(properties: Properties): readonly string[] {
  const isOwn = ([key, value]: [string, string]): boolean =>
    /(policy|filter)\.class$/.test(key) && !policyAliases.has(value.trim())
  return Object.entries(properties).some(isOwn) ? [''] : prefixes
}

/** What is wrong or odd about the configuration of a connector of the mirror, beyond what its definition says of single keys. */
export function checkProperties(kind: MirrorKind, properties: Properties, findings: Findings): void {
  const reporterFor: ReporterFor = (side, client) => findings.renaming(key => nameOf(properties, side, client, key))
  if (kind === 'source') {
    tryParseSourceConfig(properties, ({ key, value, message }) => findings.problem(key, value, message))
    trySourceConnectorClients(properties, reporterFor)
    trySourceTaskClients({ ...properties, 'task.index': '0' }, reporterFor)
  } else if (kind === 'checkpoint') tryCheckpointClients(properties, reporterFor)
  else {
    const client = clientProperties(properties, 'target', 'admin', entityLabel(properties), null)
    toClientSettings(client, 'admin', reporterFor('target', 'admin'))
  }
  checkKeys(properties, findings)
}

function checkKeys(properties: Properties, findings: Findings): void {
  const hasTransforms = (properties.transforms ?? '').trim() !== ''
  for (const [key, value] of Object.entries(properties)) {
    const renamed = Object.hasOwn(renamedKeys, key) ? renamedKeys[key] : undefined
    if (renamed !== undefined) findings.problem(key, value, `is an older name of ${renamed}; rename it`)
    else if (key === 'exactly.once.support' && value.trim().toLowerCase() === 'required')
      findings.problem(key, value, AT_LEAST_ONCE)
    else if (key === 'offsets.storage.topic')
      findings.problem(
        key,
        value,
        'an offsets topic per connector is not supported; remove it, offsets are where the worker keeps them',
      )
    else if (Object.hasOwn(traceKeys, key))
      findings.warning(key, value, 'has no effect for one connector; write it in the properties of the worker')
    else if (!(hasTransforms && /^(key|value|header)\.converter$/.test(key))) {
      const message = withoutEffect(key, value)
      if (message !== undefined) findings.warning(key, value, message)
    }
  }
}

/** The key that a client's setting was written as; where nobody wrote it, the one to write. */
function nameOf(properties: Properties, side: Side, client: string, key: string): string {
  const written = [`${side}.${client}.${key}`, `${client}.${key}`].find(name => properties[name] !== undefined)
  return written ?? `${side}.cluster.${key}`
}
