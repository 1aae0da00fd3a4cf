import { isDeepStrictEqual } from 'node:util'
import { broken } from './conformance-test.ts'
import type { PolicyUnderTest } from './policy-conformance.ts'

/** What a check of a policy has. */
export interface PolicyScene {
  readonly policy: PolicyUnderTest
  /** Configured alike. */
  readonly another: PolicyUnderTest
  readonly topics: readonly string[]
  readonly clusters: readonly string[]
}

const LEGAL = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/
/** More steps back than any name of the suite has hops. */
const MAX_STEPS = 20

export function undone({ policy, topics, clusters }: PolicyScene): void {
  for (const topic of topics) {
    let name = topic
    for (const cluster of clusters) {
      const copy = policy.formatRemoteTopic(cluster, name)
      expect(`topicSource('${copy}')`, policy.topicSource(copy), cluster)
      expect(`upstreamTopic('${copy}')`, policy.upstreamTopic(copy), name)
      expect(`originalTopic('${copy}')`, policy.originalTopic(copy), policy.originalTopic(topic))
      name = copy
    }
  }
}

export function unique({ policy, topics, clusters }: PolicyScene): void {
  const seen = new Map<string, string>()
  for (const cluster of clusters) {
    for (const topic of topics) {
      const copy = policy.formatRemoteTopic(cluster, topic)
      const other = seen.get(copy)
      if (other !== undefined) broken(`'${copy}' is the copy of ${other}, and of ${topic} of the cluster ${cluster}`)
      seen.set(copy, `${topic} of the cluster ${cluster}`)
    }
  }
}

export function legal({ policy, topics, clusters }: PolicyScene): void {
  for (const topic of topics) {
    let name = topic
    for (const cluster of clusters) {
      name = policy.formatRemoteTopic(cluster, name)
      if (!LEGAL.test(name)) broken(`The copy of ${topic} is called '${name}'`)
    }
  }
}

export function originals({ policy, topics }: PolicyScene): void {
  for (const topic of topics) {
    // A name of one's own may look like a copy, where a policy has the dot or the hyphen as its mark.
    const looksCopied = policy.topicSource(topic) !== null && /[.-]/.test(topic)
    if (looksCopied) continue
    expect(`topicSource('${topic}')`, policy.topicSource(topic), null)
    expect(`upstreamTopic('${topic}')`, policy.upstreamTopic(topic), null)
    expect(`originalTopic('${topic}')`, policy.originalTopic(topic), topic)
  }
}

export function cycles({ policy, topics, clusters }: PolicyScene): void {
  for (const topic of topics) {
    let name = topic
    for (const cluster of clusters) name = policy.formatRemoteTopic(cluster, name)
    const way = wayBack(policy, name)
    const missed = clusters.filter(cluster => !way.includes(cluster))
    if (missed.length > 0)
      broken(`'${name}' has been on ${clusters.join(', ')}, but its name tells only of ${way.join(', ') || 'none'}`)
  }
}

export function internal({ policy, topics, clusters }: PolicyScene): void {
  for (const cluster of clusters) {
    const [syncs, checkpoints] = [policy.offsetSyncsTopic(cluster), policy.checkpointsTopic(cluster)]
    for (const name of [syncs, checkpoints]) expect(`isInternalTopic('${name}')`, policy.isInternalTopic(name), true)
    expect(`isCheckpointsTopic('${checkpoints}')`, policy.isCheckpointsTopic(checkpoints), true)
    expect(`isCheckpointsTopic('${syncs}')`, policy.isCheckpointsTopic(syncs), false)
  }
  for (const topic of topics) {
    for (const name of [topic, policy.formatRemoteTopic(clusters[0]!, topic)]) {
      expect(`isInternalTopic('${name}')`, policy.isInternalTopic(name), false)
      expect(`isCheckpointsTopic('${name}')`, policy.isCheckpointsTopic(name), false)
    }
  }
}

export function heartbeats({ policy, topics, clusters }: PolicyScene): void {
  let name = policy.heartbeatsTopic()
  expect(`isHeartbeatsTopic('${name}')`, policy.isHeartbeatsTopic(name), true)
  for (const cluster of clusters) {
    name = policy.formatRemoteTopic(cluster, name)
    expect(`isHeartbeatsTopic('${name}')`, policy.isHeartbeatsTopic(name), true)
  }
  for (const topic of topics) expect(`isHeartbeatsTopic('${topic}')`, policy.isHeartbeatsTopic(topic), false)
}

export function pure({ policy, another, topics, clusters }: PolicyScene): void {
  for (const topic of topics) {
    const answers = [policy, policy, another].map(each => {
      const copies = clusters.map(cluster => each.formatRemoteTopic(cluster, topic))
      return [copies, copies.map(copy => each.topicSource(copy)), copies.map(copy => each.upstreamTopic(copy))]
    })
    if (!isDeepStrictEqual(answers[0], answers[1])) broken(`Asked about ${topic} twice, the policy gave two answers`)
    if (!isDeepStrictEqual(answers[0], answers[2])) broken(`Asked about ${topic}, two instances gave two answers`)
  }
}

/** Clusters that a name tells of. */
function wayBack(policy: PolicyUnderTest, copy: string): readonly string[] {
  const way: string[] = []
  let name = copy
  for (let step = 0; step < MAX_STEPS; step++) {
    const cluster = policy.topicSource(name)
    if (cluster === null) return way
    way.push(cluster)
    const upstream = policy.upstreamTopic(name)
    if (upstream === null || upstream === name) return way
    name = upstream
  }
  return broken(`From '${copy}' there is no end of topics upstream: '${name}' is the ${MAX_STEPS}th`)
}

function expect(question: string, answer: unknown, expected: unknown): void {
  if (answer !== expected) broken(`${question} is ${JSON.stringify(answer)}, where it should be ${JSON.stringify(expected)}`)
}
