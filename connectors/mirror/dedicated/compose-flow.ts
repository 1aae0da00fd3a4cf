import type { ConfigError } from '../../../framework/api/index.ts'
import type { Injector, Token } from '../../../framework/api/injection.ts'
import type { PluginContract, PluginLoader, PluginReference } from '../../../framework/api/plugin.ts'
import type { ConfigPropertyFilter, GroupFilter, ReplicationPolicy, TopicFilter } from '../../../policies/index.ts'
import type { HeartbeatFlow, MirrorFlow } from '../config/index.ts'
import type { NamesInFile } from '../config/names-in-file.ts'
import { CONFIG_PROPERTY_FILTER, GROUP_FILTER, REPLICATION_POLICY, TOPIC_FILTER } from '../tokens.ts'
import { asConfigError, joinErrors } from './config-errors.ts'

interface Choice<T> {
  readonly token: Token<T>
  readonly key: string
  readonly default: string
  readonly contract: PluginContract<T>
}

const policy: Choice<ReplicationPolicy> = {
  token: REPLICATION_POLICY,
  key: 'replication.policy.class',
  default: 'DefaultReplicationPolicy',
  contract: {
    what: 'a replication policy',
    methods: [
      'formatRemoteTopic',
      'topicSource',
      'upstreamTopic',
      'originalTopic',
      'heartbeatsTopic',
      'offsetSyncsTopic',
      'checkpointsTopic',
      'isHeartbeatsTopic',
      'isCheckpointsTopic',
      'isMM2InternalTopic',
      'isInternalTopic',
    ],
  },
}

const topicFilter: Choice<TopicFilter> = {
  token: TOPIC_FILTER,
  key: 'topic.filter.class',
  default: 'DefaultTopicFilter',
  contract: { what: 'a topic filter', methods: ['shouldReplicateTopic'] },
}

const configPropertyFilter: Choice<ConfigPropertyFilter> = {
  token: CONFIG_PROPERTY_FILTER,
  key: 'config.property.filter.class',
  default: 'DefaultConfigPropertyFilter',
  contract: { what: 'a config property filter', methods: ['shouldReplicateConfigProperty'] },
}

const groupFilter: Choice<GroupFilter> = {
  token: GROUP_FILTER,
  key: 'group.filter.class',
  default: 'DefaultGroupFilter',
  contract: { what: 'a group filter', methods: ['shouldReplicateGroup'] },
}

/**
 * An injector of the flow's own with the policy its configuration names and, where it copies, the filters, made and configured.
 * @throws ConfigError with every problem of them
 */
export function composeFlow(
  flow: MirrorFlow | HeartbeatFlow,
  outer: Injector,
  plugins: PluginLoader,
  names: NamesInFile,
): Promise<Injector> {
  return composeClasses(flow.connectors.MirrorSourceConnector, {
    outer,
    plugins,
    filters: 'sourceConfig' in flow ? 'with' : 'without',
    nameOf: key => names.connector(key),
  })
}

export interface ComposeOptions {
  /** What it provides already is used. */
  readonly outer: Injector
  readonly plugins: PluginLoader
  /** Beside the policy. */
  readonly filters: 'with' | 'without'
  /** The name of a connector's key where it was written. */
  readonly nameOf: (key: string) => string
}

/** As `composeFlow`, for the properties of one connector. @throws ConfigError with every problem of the classes */
export async function composeClasses(
  properties: Readonly<Record<string, string>>,
  { outer, plugins, filters: which, nameOf }: ComposeOptions,
): Promise<Injector> {
  const injector = outer.child()
  const errors: ConfigError[] = []
  const choose = async <T>({ token, key, default: preset, contract }: Choice<T>): Promise<void> => {
    if (outer.has(token)) return
    try {
      const make = await plugins.load({ key: nameOf(key), value: properties[key] ?? preset }, contract)
      const instance = make(injector, properties)
      injector.provide(token, () => instance)
    } catch (error) {
      errors.push(asConfigError(error))
    }
  }
  const filters = which === 'with' ? [choose(topicFilter), choose(configPropertyFilter), choose(groupFilter)] : []
  await Promise.all([choose(policy), ...filters])
  if (errors.length > 0) throw joinErrors(errors)
  return injector
}

type Load = (reference: PluginReference, plugins: PluginLoader) => Promise<unknown>

const loaders: ReadonlyMap<string, Load> = new Map<string, Load>([
  [policy.key, (reference, plugins) => plugins.load(reference, policy.contract)],
  [topicFilter.key, (reference, plugins) => plugins.load(reference, topicFilter.contract)],
  [configPropertyFilter.key, (reference, plugins) => plugins.load(reference, configPropertyFilter.contract)],
  [groupFilter.key, (reference, plugins) => plugins.load(reference, groupFilter.contract)],
])

/** What is wrong with the classes that a file names, looked at without their flows: for a file with other problems. */
export async function checkClasses(
  raw: Readonly<Record<string, string>>,
  plugins: PluginLoader,
): Promise<readonly ConfigError[]> {
  const attempts = Object.entries(raw).map(async ([key, value]) => {
    const load = loaders.get(key.includes('->') ? key.slice(key.indexOf('.', key.indexOf('->')) + 1) : key)
    if (load === undefined || value.includes('${')) return []
    return load({ key, value }, plugins).then(
      () => [],
      (error: unknown) => [asConfigError(error)],
    )
  })
  return (await Promise.all(attempts)).flat()
}
