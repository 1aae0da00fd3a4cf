import type { Logger } from '../../../framework/api/index.ts'
import { ConfigError } from '../../../framework/api/index.ts'
import { collectInto } from '../../../framework/config/findings.ts'
import { readPropertiesFile } from '../../../framework/config/properties.ts'
import { configProviders, resolveVariables } from '../../../framework/config/providers.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { compileJavaPattern, policyAliases, type ReplicationPolicy } from '../../../policies/index.ts'
import { CLIENT_CONFIG_NAMES } from '../config/client-config-names.ts'
import { toClientSettings } from '../config/client-settings.ts'
import { MirrorMakerConfig } from '../config/mirror-maker-config.ts'

type Properties = Readonly<Record<string, string>>

const CLIENT_ID = 'mirror-client'

/**
 * Properties of a `MirrorClient` that talks to one cluster of a mirror file.
 * @throws ConfigError when the file cannot be read
 */
export function clientConfigOf(path: string, alias: string): Properties {
  return new MirrorMakerConfig(readPropertiesFile(path)).clientConfig(alias)
}

/** Variables of the properties' own config providers replaced. Those that cannot be stay as they are, and are warned about. */
export function resolved(properties: Properties, logger: Logger): Properties {
  const matcher = (pattern: string): ((name: string) => boolean) => compileJavaPattern(pattern).matches
  const providers = configProviders(properties, (key, message) => logger.warn({ key }, `${key}: ${message}`), { matcher })
  return resolveVariables(properties, providers, ({ variable, reason }) =>
    logger.warn({ variable }, `The variable ${variable} stays as it is: ${reason}`),
  )
}

/**
 * Connection and security settings, `admin.*` or `consumer.*` above those without a prefix. All else is passed over, as in Java.
 * @throws ConfigError
 */
export function connectionSettings(properties: Properties, kind: 'admin' | 'consumer'): ClientSettings {
  const names = CLIENT_CONFIG_NAMES.flatMap(name => {
    const value = properties[`${kind}.${name}`] ?? properties[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const own = { ...Object.fromEntries(names), 'client.id': CLIENT_ID }
  return collectInto(report => toClientSettings(own, kind, report))
}

/**
 * The policy that `replication.policy.class` names, configured.
 * @throws ConfigError for a class that is not built in
 */
export function builtInPolicy(properties: Properties): ReplicationPolicy {
  const key = 'replication.policy.class'
  const value = properties[key]?.trim() ?? 'DefaultReplicationPolicy'
  const type = policyAliases.get(value)
  const policy = type === undefined ? undefined : new type()
  if (policy === undefined || !('formatRemoteTopic' in policy)) {
    throw new ConfigError([{ key, value, message: 'is no built-in policy; hand an instance of it to the client instead' }])
  }
  policy.configure(properties)
  return policy
}
