import type { PackageSpec, Template } from '../template.ts'

/** A replication policy: how a mirror names the copies of topics. */
export const policyTemplate: Template = {
  what: 'a replication policy',
  keywords: ['replication-policy'],
  start: () => 'mirror mirror.properties',
  files: spec => ({ 'src/index.ts': source(spec), 'test/policy.test.ts': test(spec), 'mirror.properties': properties(spec) }),
  readme: ({
    name,
    className,
  }) => `\`${className}\` names the copies of topics when Isthmus mirrors a Kafka cluster to another: \`orders\` of the
cluster \`a\` becomes \`orders-from-a\`. It is named in a mirror's file, by package and class:

\`\`\`properties
replication.policy.class = ${name}#${className}
\`\`\`

\`npm start\` mirrors with it by \`mirror.properties\`: the topic \`orders\` of the one Kafka that is there, to the same.`,
}

const source = ({
  className,
}: PackageSpec): string => `import { BaseReplicationPolicy, type PolicyProperties } from 'isthmus/policies'

/** \`orders\` of the cluster \`a\` is called \`orders-from-a\` where it is copied to. */
export class ${className} extends BaseReplicationPolicy {
  #mark = '-from-'

  /** Called once, before anything else, with every property of the flow: keys of your own are written as \`a->b.copy.mark\`. */
  override configure(properties: PolicyProperties): void {
    this.#mark = properties['copy.mark'] ?? this.#mark
  }

  /** The name of the copy. Two topics must never have the same. */
  formatRemoteTopic(sourceAlias: string, topic: string): string {
    return topic + this.#mark + sourceAlias
  }

  /** The cluster that a topic was copied from; null = it is no copy. This is how a mirror knows not to copy in circles. */
  topicSource(topic: string): string | null {
    const at = topic.lastIndexOf(this.#mark)
    return at < 0 ? null : topic.slice(at + this.#mark.length)
  }

  /** What the topic is called on that cluster; null = it is no copy. */
  upstreamTopic(topic: string): string | null {
    const at = topic.lastIndexOf(this.#mark)
    return at < 0 ? null : topic.slice(0, at)
  }
}
`

const test = ({ className }: PackageSpec): string => `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyConformance } from 'isthmus/testing'
import { ${className} } from '../src/index.ts'

test('the copy of orders says where it comes from', () => {
  const policy = new ${className}()
  assert.equal(policy.formatRemoteTopic('a', 'orders'), 'orders-from-a')
  policy.configure({ 'copy.mark': '_of_' })
  assert.equal(policy.formatRemoteTopic('a', 'orders'), 'orders_of_a')
})

// The contract of policies: names are undone, no two copies have the same, nothing goes in circles.
for (const { name, run } of policyConformance({ create: () => new ${className}() })) test(name, run)
`

const properties = ({
  className,
}: PackageSpec): string => `# isthmus mirror mirror.properties: both clusters are the one that is there, which serves to see what copies are called.
clusters = a, b
config.providers = env
config.providers.env.class = org.apache.kafka.common.config.provider.EnvVarConfigProvider
a.bootstrap.servers = \${env:KAFKA}
b.bootstrap.servers = \${env:KAFKA}

a->b.enabled = true
topics = orders
# ---- With two names for one cluster each copy of a heartbeat would be copied again. Leave these out where there are two
emit.heartbeats.enabled = false
heartbeats.replication.enabled = false
replication.policy.class = ./dist/src/index.js#${className}

# ---- To see new topics soon. Leave it out where topics are many: it is every ten minutes then
refresh.topics.interval.seconds = 5

# ---- For a Kafka of one broker. Leave these out on clusters of three or more
replication.factor = 1
offset-syncs.topic.replication.factor = 1
checkpoints.topic.replication.factor = 1
heartbeats.topic.replication.factor = 1
offset.storage.replication.factor = 1
status.storage.replication.factor = 1
config.storage.replication.factor = 1
`
