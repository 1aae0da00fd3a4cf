import type { ConfigDefinition } from '../../api/config-definition.ts'
import { ConfigError } from '../../api/connect-error.ts'
import type { Parsed } from '../../config/parse.ts'
import { type RegistryTls, readTls, tlsKeys } from './registry-tls.ts'
import { type SubjectNames, strategyProblem, subjectNames } from './subject-names.ts'

const TOPIC_NAMES = 'io.confluent.kafka.serializers.subject.TopicNameStrategy'
const strategy = (role: string) =>
  ({
    type: 'string',
    default: TOPIC_NAMES,
    doc: `how the subjects of ${role}s are named: by topic, by record or by both`,
    validate: strategyProblem,
  }) as const

/**
 * The keys of every converter with a registry. Names and defaults are Confluent's: docs.confluent.io, "Kafka Connect and Schema Registry" and
 * "Configuration Reference for Schema Registry Clients".
 */
export const registryKeys = {
  'schema.registry.url': { type: 'list', doc: 'where the schema registry is: http://host:8081; several are asked in turn' },
  'basic.auth.credentials.source': {
    type: 'string',
    default: 'URL',
    oneOf: ['URL', 'USER_INFO'],
    doc: 'where user and password stand: in the URL, or in basic.auth.user.info',
  },
  'basic.auth.user.info': { type: 'password', default: null, doc: 'user:password for the registry' },
  'bearer.auth.credentials.source': {
    type: 'string',
    default: 'STATIC_TOKEN',
    oneOf: ['STATIC_TOKEN'],
    doc: 'where the bearer token comes from: bearer.auth.token',
  },
  'bearer.auth.token': { type: 'password', default: null, doc: 'a token for the registry, instead of user and password' },
  ...tlsKeys,
  'http.read.timeout.ms': { type: 'int', default: '60000', min: 1, doc: 'how long one registry may take for one answer' },
  'auto.register.schemas': {
    type: 'boolean',
    default: 'true',
    doc: 'whether new schemas are registered; false = they must be there',
  },
  'use.latest.version': {
    type: 'boolean',
    default: 'false',
    doc: "with auto.register.schemas = false: values are written by the latest version of their subject, not by the record's schema",
  },
  'normalize.schemas': {
    type: 'boolean',
    default: 'false',
    doc: 'whether the registry brings schemas to one form before it compares',
  },
  'key.subject.name.strategy': strategy('key'),
  'value.subject.name.strategy': strategy('value'),
  'ignore.default.for.nullables': {
    type: 'boolean',
    default: 'true',
    oneOf: ['true'],
    doc: "a null stays a null. Java's own default, false, writes the schema's default instead",
  },
  'schemas.cache.config': { type: 'int', default: '1000', min: 1, doc: 'how many schemas are remembered each way' },
  'converter.type': { type: 'string', default: 'value', oneOf: ['key', 'value', 'header'], doc: 'set by the framework' },
} as const satisfies ConfigDefinition

export interface RegistrySettings {
  /** Without credentials. */
  readonly urls: readonly string[]
  /** The header `Authorization` for each URL; undefined = none. */
  readonly authorization: (url: string) => string | undefined
  readonly tls: RegistryTls
  readonly timeoutMs: number
  /** What is done with the schema of a value to be written. */
  readonly unknownSchemas: 'register' | 'look-up' | 'use-latest'
  readonly normalize: boolean
  readonly subjects: SubjectNames
  readonly cacheSize: number
  readonly role: 'key' | 'value' | 'header'
}

/** @throws ConfigError with every problem that more than one key makes */
export function registrySettings(config: Parsed<typeof registryKeys>): RegistrySettings {
  const registers = config['auto.register.schemas']
  if (registers && config['use.latest.version']) {
    const message = 'has no effect while auto.register.schemas is true; set that to false'
    throw new ConfigError([{ key: 'use.latest.version', value: 'true', message }])
  }
  const { urls, authorization } = credentials(config)
  const role = config['converter.type']
  const strategyName = role === 'key' ? config['key.subject.name.strategy'] : config['value.subject.name.strategy']
  return {
    urls,
    authorization,
    tls: readTls(config),
    timeoutMs: config['http.read.timeout.ms'],
    unknownSchemas: registers ? 'register' : config['use.latest.version'] ? 'use-latest' : 'look-up',
    normalize: config['normalize.schemas'],
    subjects: subjectNames(strategyName, role),
    cacheSize: config['schemas.cache.config'],
    role: role as RegistrySettings['role'],
  }
}

function credentials(config: Parsed<typeof registryKeys>): Pick<RegistrySettings, 'urls' | 'authorization'> {
  const userInfo = config['basic.auth.user.info']
  const token = config['bearer.auth.token']
  const namesUserInfo = config['basic.auth.credentials.source'] === 'USER_INFO'
  if (namesUserInfo && userInfo === null)
    throw new ConfigError([{ key: 'basic.auth.user.info', message: 'is missing; USER_INFO wants user:password there' }])
  if (namesUserInfo && token !== null)
    throw new ConfigError([{ key: 'bearer.auth.token', message: 'stands beside basic.auth.user.info; give one of them' }])
  const parsed = config['schema.registry.url'].map(parseUrl)
  const inUrl = new Map(parsed.map(url => [bare(url), decodeURIComponent(`${url.username}:${url.password}`)]))
  const authorization = (url: string): string | undefined => {
    if (token !== null) return `Bearer ${token}`
    const user = namesUserInfo ? userInfo : inUrl.get(url)
    return user == null || user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`
  }
  return { urls: parsed.map(bare), authorization }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  const message = 'must be a list of addresses such as http://registry:8081'
  // What cannot be taken apart may hold a password.
  const value = url === undefined ? (text.includes('@') ? '[hidden]' : text) : bare(url)
  throw new ConfigError([{ key: 'schema.registry.url', value, message }])
}

function bare({ origin, protocol, host, pathname }: URL): string {
  return (origin === 'null' ? `${protocol}//${host}` : origin) + pathname.replace(/\/+$/, '')
}
