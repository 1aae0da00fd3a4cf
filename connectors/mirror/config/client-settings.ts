import type { ConfigDefinition } from '../../../framework/api/config-definition.ts'
import type { Reporter } from '../../../framework/config/findings.ts'
import { didYouMean } from '../../../framework/config/nearest.ts'
import { type Parsed, tryParseConfig } from '../../../framework/config/parse.ts'
import { parseClientConfig } from '../../../framework/kafka/client-config/client-config.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import type { ReaderSettings } from '../../../framework/kafka/reader/settings.ts'
import type { WriterSettings } from '../../../framework/kafka/writer/settings.ts'
import { CLIENT_CONFIG_NAMES } from './client-config-names.ts'
import { clientKeys } from './client-keys.ts'
import { sourceDefinition } from './source-config.ts'

type Properties = Readonly<Record<string, string>>
type Kind = keyof typeof clientKeys

const ms = { type: 'long', min: 0 } as const

const consumerDefinition = {
  'fetch.min.bytes': { type: 'int', default: '1', min: 0, doc: '' },
  'fetch.max.wait.ms': { type: 'int', default: '500', min: 0, doc: '' },
  'fetch.max.bytes': { type: 'int', default: sourceDefinition['isthmus.fetch.max.bytes'].default, min: 1024, doc: '' },
  'max.partition.fetch.bytes': { type: 'int', default: '1048576', min: 1, doc: '' },
  'isolation.level': { type: 'string', default: 'read_committed', oneOf: ['read_committed', 'read_uncommitted'], doc: '' },
  'auto.offset.reset': { type: 'string', default: 'earliest', oneOf: ['earliest', 'latest', 'none'], doc: '' },
  'client.rack': { type: 'string', default: '', doc: '' },
} as const satisfies ConfigDefinition

const producerDefinition = {
  acks: { type: 'string', default: 'all', oneOf: ['all', '-1', '1'], doc: '' },
  'request.timeout.ms': { ...ms, min: 1, max: 2147483647, default: '30000', doc: '' },
  'max.request.size': { type: 'int', default: '1048576', min: 1, doc: '' },
} as const satisfies ConfigDefinition

/** What the replication consumer needs. */
export interface ConsumerSettings {
  readonly client: ClientSettings
  readonly reader: ReaderSettings
  /** Where a partition without a stored offset begins; `none` = that partition fails. */
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none'
}

/** What a producer needs. */
export interface ProducerSettings {
  readonly client: ClientSettings
  readonly writer: WriterSettings
}

/** Connection settings out of a client's properties; undefined after a problem. Settings without effect, and unknown ones, are warned about. */
export function toClientSettings(properties: Properties, kind: Kind, report: Reporter): ClientSettings | undefined {
  if (kind !== 'worker') warnOfUnused(properties, kind, report)
  return parseClientConfig(properties, report)
}

/** As `toClientSettings`, with how to read. `fetchMaxBytes` wins over `fetch.max.bytes`. */
export function toConsumerSettings(
  properties: Properties,
  report: Reporter,
  fetchMaxBytes?: number,
): ConsumerSettings | undefined {
  const client = toClientSettings(properties, 'consumer', report)
  const parsed = parse(consumerDefinition, properties, report)
  if (client === undefined || parsed === undefined) return undefined
  return {
    client,
    reader: {
      isolation: parsed['isolation.level'] === 'read_uncommitted' ? 'read_uncommitted' : 'read_committed',
      minBytes: parsed['fetch.min.bytes'],
      maxWaitMs: parsed['fetch.max.wait.ms'],
      maxBytes: fetchMaxBytes ?? parsed['fetch.max.bytes'],
      partitionMaxBytes: parsed['max.partition.fetch.bytes'],
      rack: parsed['client.rack'],
    },
    autoOffsetReset: parsed['auto.offset.reset'] as ConsumerSettings['autoOffsetReset'],
  }
}

/** As `toClientSettings`, with how to write. */
export function toProducerSettings(properties: Properties, report: Reporter): ProducerSettings | undefined {
  const client = toClientSettings(properties, 'producer', report)
  const parsed = parse(producerDefinition, properties, report)
  if (client === undefined || parsed === undefined) return undefined
  const writer: WriterSettings = {
    acks: parsed.acks === '1' ? 1 : -1,
    timeoutMs: parsed['request.timeout.ms'],
    maxRequestBytes: parsed['max.request.size'],
  }
  return { client, writer }
}

function parse<const D extends ConfigDefinition>(definition: D, properties: Properties, report: Reporter): Parsed<D> | undefined {
  return tryParseConfig(definition, properties, ({ key, value, message }) => report.problem(key, value, message))
}

function warnOfUnused(properties: Properties, kind: Exclude<Kind, 'worker'>, report: Reporter): void {
  const known = clientKeys[kind]
  for (const [key, value] of Object.entries(properties)) {
    if (CLIENT_CONFIG_NAMES.includes(key) || /^(ssl|sasl|security)\./.test(key)) continue
    const meaning = Object.hasOwn(known, key) ? known[key] : undefined
    if (meaning?.effect === 'none') report.warning(key, value, `has no effect here: ${meaning.meaning}; remove it`)
    if (meaning === undefined)
      report.warning(key, value, `is not a known ${kind} setting and is ignored${didYouMean(key, Object.keys(known))}`)
  }
}
