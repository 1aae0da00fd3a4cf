import { ConfigError } from '../../../framework/api/index.ts'
import type { Injector } from '../../../framework/api/injection.ts'
import type { PluginLoader } from '../../../framework/api/plugin.ts'
import { Findings } from '../../../framework/config/findings.ts'
import { readPropertiesFile } from '../../../framework/config/properties.ts'
import { type GroupFilter, policyAliases, type ReplicationPolicy, type TopicFilter } from '../../../policies/index.ts'
import { copies, readLines } from '../config/file-lines.ts'
import { type FlowSource, readFlow } from '../config/flow-config.ts'
import type { ClusterPair, MirrorFlow } from '../config/index.ts'
import { NamesInFile } from '../config/names-in-file.ts'
import { composeFlow } from '../dedicated/compose-flow.ts'
import { GROUP_FILTER, REPLICATION_POLICY, TOPIC_FILTER } from '../tokens.ts'
import { parseFlowArgument } from './flow-argument.ts'

/** What a file says of one flow, whether it enables it or not. */
export interface FlowSettings {
  readonly flow: MirrorFlow
  /** By this file. */
  readonly isEnabled: boolean
  readonly policy: ReplicationPolicy
  readonly topicFilter: TopicFilter
  readonly groupFilter: GroupFilter
  readonly names: NamesInFile
  readonly injector: Injector
}

/** Both flows between two clusters. */
export interface PairSettings {
  readonly there: FlowSettings
  readonly back: FlowSettings
  readonly raw: Readonly<Record<string, string>>
}

export interface ReadPairOptions {
  readonly injector: Injector
  readonly plugins: PluginLoader
}

/**
 * Reads what a mirror file says of the flow and of the one the other way.
 * @param flow as on the command line
 * @throws ConfigError with all problems of the two
 */
export async function readPairSettings(path: string, flow: string, options: ReadPairOptions): Promise<PairSettings> {
  const findings = new Findings()
  const file = readLines(readPropertiesFile(path), {}, findings)
  const pair = parseFlowArgument(flow, file.config.clusters)
  for (const [name, type] of policyAliases) options.plugins.register(name, type)
  const flows = [pair, { source: pair.target, target: pair.source }].map(each => readFlow(file, each, findings))
  if (findings.problems.length > 0) throw new ConfigError(findings.problems)
  const [there, back] = await Promise.all(flows.map(each => settingsOf(each, file, options)))
  if (there === undefined || back === undefined) throw new ConfigError([{ key: 'flow', value: flow, message: 'cannot be read' }])
  return { there, back, raw: file.raw }
}

async function settingsOf(
  flow: MirrorFlow | undefined,
  { raw }: FlowSource,
  { injector, plugins }: ReadPairOptions,
): Promise<FlowSettings | undefined> {
  if (flow === undefined) return undefined
  const names = new NamesInFile(raw, flow as ClusterPair)
  const own = await composeFlow(flow, injector, plugins, names)
  return {
    flow,
    isEnabled: copies(flow.connectors.MirrorSourceConnector),
    policy: own.resolve(REPLICATION_POLICY),
    topicFilter: own.resolve(TOPIC_FILTER),
    groupFilter: own.resolve(GROUP_FILTER),
    names,
    injector: own,
  }
}
