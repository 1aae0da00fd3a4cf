import { ConfigError } from '../../../framework/api/index.ts'
import type { Injector } from '../../../framework/api/injection.ts'
import type { PluginContract, PluginLoader } from '../../../framework/api/plugin.ts'
import {
  DefaultTopicFilter,
  PatternList,
  PatternListError,
  policyAliases,
  type ReplicationPolicy,
} from '../../../policies/index.ts'
import { type EnabledFlow, enabledFlows } from '../config/file-lines.ts'
import { NamesInFile } from '../config/names-in-file.ts'
import type { CopyingFlow } from '../cycles/copying-flow.ts'
import { cycleProblems } from '../cycles/cycle-problems.ts'
import { inCircles } from '../cycles/flow-cycles.ts'
import { REPLICATION_POLICY, TOPIC_FILTER } from '../tokens.ts'
import { asConfigError } from './config-errors.ts'

interface CycleCheck {
  readonly injector: Injector
  readonly plugins: PluginLoader
}

const contract: PluginContract<ReplicationPolicy> = {
  what: 'a replication policy',
  methods: ['formatRemoteTopic', 'topicSource', 'upstreamTopic', 'isHeartbeatsTopic', 'isInternalTopic'],
}

/**
 * What would copy records round for ever, or back to where they were written, over all flows of a file: each process with `--clusters` runs
 * but some of them.
 * Flows whose settings are wrong are left out; that is told of elsewhere.
 */
export async function refuseCycles(
  raw: Readonly<Record<string, string>>,
  { injector, plugins }: CycleCheck,
): Promise<readonly ConfigError[]> {
  const errors: ConfigError[] = []
  const flows = inCircles(enabledFlows(raw)).filter(({ properties }) => hasPatterns(properties))
  const copying = flows.map(async (flow): Promise<readonly CopyingFlow[]> => {
    const names = new NamesInFile(raw, flow)
    try {
      const policy = await policyOf(flow, names, { injector, plugins })
      return [{ ...flow, policy, nameInFile: key => names.connector(key), ...ownFilter(flow, injector) }]
    } catch (error) {
      errors.push(asConfigError(error))
      return []
    }
  })
  const problems = cycleProblems((await Promise.all(copying)).flat())
  return problems.length === 0 ? errors : [...errors, new ConfigError(problems)]
}

async function policyOf(flow: EnabledFlow, names: NamesInFile, { injector, plugins }: CycleCheck): Promise<ReplicationPolicy> {
  if (injector.has(REPLICATION_POLICY)) return injector.resolve(REPLICATION_POLICY)
  const key = 'replication.policy.class'
  const value = flow.properties[key] ?? 'DefaultReplicationPolicy'
  return (await plugins.load({ key: names.connector(key), value }, contract))(injector.child(), flow.properties)
}

function ownFilter({ properties }: EnabledFlow, injector: Injector): Pick<CopyingFlow, 'ownFilter'> {
  if (injector.has(TOPIC_FILTER)) return { ownFilter: "the program's own topic filter" }
  const value = properties['topic.filter.class'] ?? 'DefaultTopicFilter'
  return policyAliases.get(value.trim()) === DefaultTopicFilter ? {} : { ownFilter: value }
}

function hasPatterns(properties: EnabledFlow['properties']): boolean {
  return ['topics', 'topics.exclude'].every(key => {
    try {
      return new PatternList(key, properties[key] ?? '') !== undefined
    } catch (error) {
      if (error instanceof PatternListError) return false
      throw error
    }
  })
}
