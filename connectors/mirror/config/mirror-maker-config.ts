import { checkpointDefinition } from './checkpoint-config.ts'
import { CLIENT_CONFIG_NAMES } from './client-config-names.ts'
import { heartbeatDefinition } from './heartbeat-config.ts'
import { sourceDefinition } from './source-config.ts'

type Properties = Readonly<Record<string, string>>

/** A flow of a mirror file, from one cluster to another. */
export interface ClusterPair {
  readonly source: string
  readonly target: string
}

export interface EnabledPair extends ClusterPair {
  /** Records are copied. */
  readonly enabled: boolean
  /** Heartbeats of the target are copied to the source by this pair's worker. */
  readonly heartbeats: boolean
}

export const MIRROR_CONNECTORS = ['MirrorSourceConnector', 'MirrorHeartbeatConnector', 'MirrorCheckpointConnector'] as const
export type MirrorConnectorName = (typeof MIRROR_CONNECTORS)[number]

const CLIENT_KINDS = ['producer', 'consumer', 'admin'] as const

const WORKER_PREFIXES = [
  'offset.storage',
  'config.storage',
  'status.storage',
  'key.converter',
  'value.converter',
  'header.converter',
  'task',
  'worker',
  'replication.policy',
]

/** Not in the connectors' own definition in Java, so a file's top level cannot set it there either. */
const ONLY_PER_FLOW = 'use.defaults.from'

/** Names a file's top level may set for the connectors. */
export const CONNECTOR_KEYS: ReadonlySet<string> = new Set(
  [sourceDefinition, checkpointDefinition, heartbeatDefinition]
    .flatMap(definition => Object.keys(definition))
    .concat(CLIENT_CONFIG_NAMES.filter(name => name !== 'bootstrap.servers'))
    .filter(name => name !== ONLY_PER_FLOW),
)

/**
 * What a mirror file means: which of its keys reach which worker, connector and client, with the precedence of MirrorMaker 2.
 * Nothing is judged here, only taken apart.
 */
export class MirrorMakerConfig {
  readonly #raw: Properties
  readonly #resolve: (properties: Properties) => Properties

  /** @param resolve replaces variables of config providers in values */
  constructor(raw: Properties, resolve: (properties: Properties) => Properties = properties => properties) {
    this.#raw = raw
    this.#resolve = resolve
  }

  get clusters(): readonly string[] {
    const value = this.#resolve({ clusters: this.#raw.clusters ?? '' }).clusters?.trim() ?? ''
    return value === '' ? [] : [...new Set(value.split(/\s*,\s*/))]
  }

  /** The ordered pairs that have a worker: records are copied, or heartbeats (which is the default of every pair). */
  get clusterPairs(): readonly EnabledPair[] {
    const pairs = this.clusters.flatMap(source =>
      this.clusters
        .filter(target => target !== source)
        .map(target => ({
          source,
          target,
          enabled: parseBoolean(this.#raw[`${source}->${target}.enabled`]),
          heartbeats: parseBoolean(
            this.#raw[`${source}->${target}.emit.heartbeats.enabled`] ?? this.#raw['emit.heartbeats.enabled'] ?? 'true',
          ),
        })),
    )
    return pairs.filter(pair => pair.enabled || pair.heartbeats)
  }

  /** A cluster's keys without their alias, its and the file's security settings handed down to its producers, consumers and admins. */
  clusterProps(alias: string): Properties {
    const own = withoutPrefix(this.#raw, `${alias}.`)
    const props: Record<string, string> = { ...own }
    const fall = (name: string, value: string | undefined): void => {
      if (value !== undefined) props[name] ??= value
    }
    for (const name of CLIENT_CONFIG_NAMES) {
      for (const value of [own[name], this.#raw[name]]) for (const kind of CLIENT_KINDS) fall(`${kind}.${name}`, value)
      fall(name, this.#raw[name])
    }
    return props
  }

  /** Settings of the worker of a pair, which lives on the target. Variables are resolved. */
  workerConfig({ source, target }: ClusterPair): Properties {
    const props: Record<string, string> = {
      ...this.clusterProps(target),
      ...withPrefix(this.#raw, WORKER_PREFIXES),
    }
    return {
      'client.id': `${source}->${target}`,
      'group.id': `${source}-mm2`,
      'offset.storage.topic': `mm2-offsets.${source}.internal`,
      'status.storage.topic': `mm2-status.${source}.internal`,
      'config.storage.topic': `mm2-configs.${source}.internal`,
      'key.converter': BYTES,
      'value.converter': BYTES,
      'header.converter': BYTES,
      ...this.#resolve(props),
      ...withPrefix(this.#raw, ['config.providers']),
    }
  }

  /** Configuration of one connector of a pair. Variables stay as they are. */
  connectorBaseConfig({ source, target }: ClusterPair, connector: MirrorConnectorName): Properties {
    return {
      name: connector,
      'connector.class': `org.apache.kafka.connect.mirror.${connector}`,
      'source.cluster.alias': source,
      'target.cluster.alias': target,
      enabled: 'false',
      ...Object.fromEntries(Object.entries(this.#raw).filter(([key]) => CONNECTOR_KEYS.has(key))),
      ...withPrefix(this.#raw, ['config.providers', 'replication.policy']),
      ...sideProps('source', this.clusterProps(source)),
      ...sideProps('target', this.clusterProps(target)),
      ...withoutPrefix(this.#raw, `${source}->${target}.`),
    }
  }

  /** Keys of the file as a whole, of no cluster or flow. */
  get ofProcess(): Properties {
    return this.#resolve(Object.fromEntries(Object.entries(this.#raw).filter(([key]) => key.startsWith('isthmus.'))))
  }

  /** What a program that talks to one cluster on its own needs, resolved. */
  clientConfig(alias: string): Properties {
    return this.#resolve({ ...this.#resolve(this.#raw), ...this.clusterProps(alias) })
  }
}

const BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter'

/** Java's Boolean.parseBoolean: blanks are not forgiven. */
function parseBoolean(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true'
}

function sideProps(side: 'source' | 'target', props: Properties): Properties {
  return Object.fromEntries(
    Object.entries(props).map(([key, value]) => [
      /^(consumer|producer|admin)/.test(key) ? `${side}.${key}` : `${side}.cluster.${key}`,
      value,
    ]),
  )
}

function withoutPrefix(properties: Properties, prefix: string): Properties {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) =>
      key.length > prefix.length && key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  )
}

function withPrefix(properties: Properties, prefixes: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => prefixes.some(prefix => key.startsWith(prefix))))
}
