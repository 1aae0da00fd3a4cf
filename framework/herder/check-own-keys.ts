import type { ConfigDefinition } from '../api/index.ts'
import type { Reporter } from '../config/findings.ts'
import { didYouMean } from '../config/nearest.ts'
import { tryParseConfig } from '../config/parse.ts'
import { errorKeys, restartKeys, sinkKeys, sourceKeys } from '../runtime/index.ts'
import { warnOfClientKeys } from './client-keys.ts'
import type { ConnectorClass } from './connector-class.ts'
import { connectorKeys, connectorPrefixes } from './connector-keys.ts'

type Properties = Readonly<Record<string, string>>

/** The keys of its kind and its own: values that cannot be are problems; keys that nobody knows, or that change nothing, are warned about. */
export function checkOwnKeys({ kind, sample }: ConnectorClass, config: Properties, report: Reporter): void {
  const ofKind: ConfigDefinition = kind === 'source' ? sourceKeys : sinkKeys
  const own = (sample.definition as ConfigDefinition | undefined) ?? {}
  tryParseConfig(own, config, ({ key, value, message }) => report.problem(key, value, message))
  const known = [connectorKeys, errorKeys, restartKeys, ofKind, own].flatMap(keys => Object.keys(keys))
  const prefixes = [...connectorPrefixes, ...(sample.prefixes ?? [])]
  for (const [key, value] of Object.entries(config)) {
    if (known.includes(key)) continue
    if (!prefixes.some(prefix => key.startsWith(prefix))) {
      report.warning(key, value, `is not known to ${sample.constructor.name} and has no effect${didYouMean(key, known)}`)
    } else if (kind === 'source' && key.startsWith('consumer.override.')) {
      report.warning(key, value, 'has no effect on a source, which has no consumer; remove it')
    } else if (key.startsWith('admin.override.')) {
      report.warning(
        key,
        value,
        `has no effect here: topics are created by the ${kind === 'source' ? 'producer' : 'consumer'}'s connections`,
      )
    }
  }
  warnOfClientKeys('producer', 'producer.override.', config, report)
  if (kind === 'sink') warnOfClientKeys('consumer', 'consumer.override.', config, report)
}
