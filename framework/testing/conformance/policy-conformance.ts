import { type ConformanceTest, conformanceTest, type Properties, type Rule } from './conformance-test.ts'
import { cycles, heartbeats, internal, legal, originals, type PolicyScene, pure, undone, unique } from './policy-checks.ts'
import { policyRules } from './policy-rules.ts'

/** `ReplicationPolicy` of isthmus/policies. */
export interface PolicyUnderTest {
  configure?(properties: Properties): void
  formatRemoteTopic(sourceAlias: string, topic: string): string
  topicSource(topic: string): string | null
  upstreamTopic(topic: string): string | null
  originalTopic(topic: string): string
  heartbeatsTopic(): string
  offsetSyncsTopic(clusterAlias: string): string
  checkpointsTopic(clusterAlias: string): string
  isHeartbeatsTopic(topic: string): boolean
  isCheckpointsTopic(topic: string): boolean
  isInternalTopic(topic: string): boolean
}

export interface PolicyConformanceOptions {
  readonly create: () => PolicyUnderTest
  /** For `configure`. */
  readonly properties?: Properties
  /** Names of topics, beside those of the suite. */
  readonly topics?: readonly string[]
  /** Aliases of clusters, instead of those of the suite: not every policy can take any. */
  readonly clusters?: readonly string[]
  /** Copies keep their names, as with the identity policy, and nothing tells them from originals: rules about that are left out. */
  readonly keepsNames?: boolean
}

const TOPICS: readonly string[] = ['orders', 'orders.eu-west', 'a_b', 'ORDERS.1', '0', 'payments-v2', '-', 'a.b.c.d']
const CLUSTERS: readonly string[] = ['a', 'b', 'eu-west-1', 'Primary_2']

/**
 * Whether a replication policy keeps its contract, one test per rule.
 *
 * @example
 * for (const { name, run } of policyConformance({ create: () => new MyPolicy() })) test(name, run)
 */
export function policyConformance(options: PolicyConformanceOptions): readonly ConformanceTest[] {
  const { create, properties, topics = [], clusters = CLUSTERS, keepsNames = false } = options
  const configured = (): PolicyUnderTest => {
    const policy = create()
    policy.configure?.({ 'key.of.nobody': 'x', ...properties })
    return policy
  }
  const checked = (rule: Rule, check: (scene: PolicyScene) => void): ConformanceTest =>
    conformanceTest(rule, async () =>
      check({ policy: configured(), another: configured(), topics: [...TOPICS, ...topics], clusters }),
    )
  const telling = [
    checked(policyRules.undone, undone),
    checked(policyRules.unique, unique),
    checked(policyRules.originals, originals),
    checked(policyRules.cycles, cycles),
  ]
  return [
    ...(keepsNames ? [] : telling),
    checked(policyRules.legal, legal),
    checked(policyRules.internal, internal),
    checked(policyRules.heartbeats, heartbeats),
    checked(policyRules.pure, pure),
  ]
}
