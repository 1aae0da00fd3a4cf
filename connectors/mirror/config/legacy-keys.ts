import type { Reporter } from '../../../framework/config/findings.ts'
import type { ClusterPair } from './mirror-maker-config.ts'

/** Keys of older files, and what they are called now. */
export const renamedKeys: Readonly<Record<string, string>> = {
  'topics.blacklist': 'topics.exclude',
  'groups.blacklist': 'groups.exclude',
  'config.properties.blacklist': 'config.properties.exclude',
  'emit.heartbeats': 'emit.heartbeats.enabled',
  'emit.checkpoints': 'emit.checkpoints.enabled',
  'emit.offset-syncs': 'emit.offset-syncs.enabled',
  'refresh.topics': 'refresh.topics.enabled',
  'refresh.groups': 'refresh.groups.enabled',
  'sync.topic.configs': 'sync.topic.configs.enabled',
  'sync.topic.acls': 'sync.topic.acls.enabled',
  'sync.group.offsets': 'sync.group.offsets.enabled',
  'heartbeats.replication': 'heartbeats.replication.enabled',
}

const GONE: Readonly<Record<string, string>> = {
  'topics.whitelist': 'was never a key and has no effect; write topics',
  'groups.whitelist': 'was never a key and has no effect; write groups',
  'use.incremental.alter.configs': 'has no effect any more: topic settings are always altered one by one; remove it',
  'add.source.alias.to.metrics': 'has no effect any more: metrics always name the source; remove it',
  'auto.include.jmx.reporter': 'has no effect: metrics leave through OpenTelemetry; remove it',
}

/** The properties with the keys of older files under their present names, at the top level and per flow. A present name that is there wins. */
export function modernize(
  raw: Readonly<Record<string, string>>,
  pairs: readonly ClusterPair[],
  report: Reporter,
): Readonly<Record<string, string>> {
  const modern: Record<string, string> = Object.assign(Object.create(null), raw)
  const prefixes = ['', ...pairs.map(({ source, target }) => `${source}->${target}.`)]
  for (const prefix of prefixes) {
    for (const [old, name] of Object.entries(renamedKeys)) {
      const value = raw[prefix + old]
      if (value === undefined) continue
      delete modern[prefix + old]
      const replaced = raw[prefix + name] === undefined
      if (replaced) modern[prefix + name] = value
      report.warning(
        prefix + old,
        value,
        replaced ? `is an older name of ${prefix}${name}; rename it` : `is ignored, since ${prefix}${name} is set; remove it`,
      )
    }
    for (const [old, message] of Object.entries(GONE)) {
      if (raw[prefix + old] === undefined) continue
      delete modern[prefix + old]
      report.warning(prefix + old, raw[prefix + old], message)
    }
  }
  return modern
}
