import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConformanceError, type PolicyUnderTest, policyConformance } from '../../../../../framework/testing/index.ts'
import { BaseReplicationPolicy, DefaultReplicationPolicy, IdentityReplicationPolicy } from '../../../../../policies/index.ts'

/** A right policy: `orders` of the cluster `a` is called `orders-from-a`. Tests break it. */
class Suffix extends BaseReplicationPolicy {
  formatRemoteTopic(alias: string, topic: string): string {
    return `${topic}-from-${alias}`
  }
  topicSource(topic: string): string | null {
    const at = topic.lastIndexOf('-from-')
    return at < 0 ? null : topic.slice(at + 6)
  }
  upstreamTopic(topic: string): string | null {
    const at = topic.lastIndexOf('-from-')
    return at < 0 ? null : topic.slice(0, at)
  }
}

for (const [what, create] of [
  ['the default policy', () => new DefaultReplicationPolicy()],
  ['the default policy with another separator', () => new DefaultReplicationPolicy({ separator: '__' })],
  ['a policy of one’s own', () => new Suffix()],
] as const) {
  describe(`${what} keeps every rule`, () => {
    for (const { name, run } of policyConformance({ create })) test(name, run)
  })
}

describe('the identity policy keeps the rules that do not ask where a copy comes from', () => {
  const properties = { 'source.cluster.alias': 'a' }
  const tests = policyConformance({ create: () => new IdentityReplicationPolicy(), properties, keepsNames: true })
  for (const { name, run } of tests) test(name, run)
  test('four fewer', () => assert.equal(tests.length + 4, policyConformance({ create: () => new Suffix() }).length))
})

const caught = new Set<string>()

/** A policy that breaks this rule is told so, in these words. */
function catches(rule: string, said: RegExp, create: () => PolicyUnderTest): void {
  caught.add(rule)
  test(`caught: ${rule}`, async () => {
    const { run } = policyConformance({ create }).find(({ name }) => name === rule)!
    await assert.rejects(run(), (error: unknown) => {
      assert.ok(error instanceof ConformanceError, String(error))
      assert.match(error.message, said)
      return true
    })
  })
}

class FirstMark extends Suffix {
  override upstreamTopic(topic: string): string | null {
    const at = topic.indexOf('-from-')
    return at < 0 ? null : topic.slice(0, at)
  }
}
catches(
  'the name of a copy tells its cluster and its topic, hop by hop',
  /upstreamTopic\('orders-from-a-from-b'\) is "orders", where it should be "orders-from-a"/,
  () => new FirstMark(),
)
catches(
  'nothing is copied back to where it came from, and looking for it ends',
  /its name tells only of Primary_2/,
  () => new FirstMark(),
)

class Endless extends Suffix {
  #hops = 0
  override topicSource(): string {
    return 'a'
  }
  override upstreamTopic(topic: string): string {
    return `${topic}${this.#hops++}`
  }
}
catches(
  'nothing is copied back to where it came from, and looking for it ends',
  /there is no end of topics upstream/,
  () => new Endless(),
)

class Lumped extends Suffix {
  override formatRemoteTopic(_: string, topic: string): string {
    return `copy-${topic}`
  }
}
catches(
  'no two topics have a copy of the same name',
  /'copy-orders' is the copy of orders of the cluster a, and of orders of the cluster b/,
  () => new Lumped(),
)

class At extends Suffix {
  override formatRemoteTopic(alias: string, topic: string): string {
    return `${topic}@${alias}`
  }
}
catches('copies have names that Kafka takes', /The copy of orders is called 'orders@a'/, () => new At())

class Undefined extends Suffix {
  override topicSource(topic: string): string | null {
    return topic.split('-from-')[1] as string | null
  }
}
catches(
  'a topic that was written here is no copy',
  /topicSource\('orders'\) is undefined, where it should be null/,
  () => new Undefined(),
)

class OwnCheckpoints extends Suffix {
  override checkpointsTopic(alias: string): string {
    return `checkpoints-of-${alias}`
  }
}
const INTERNAL = 'the topics that a mirror keeps for itself are known as such, and no others'
catches(INTERNAL, /isInternalTopic\('checkpoints-of-a'\) is false/, () => new OwnCheckpoints())

class AllInternal extends Suffix {
  override isInternalTopic(): boolean {
    return true
  }
}
catches(INTERNAL, /isInternalTopic\('orders'\) is true, where it should be false/, () => new AllInternal())

class OwnHeartbeats extends Suffix {
  override isHeartbeatsTopic(topic: string): boolean {
    return topic === 'heartbeats'
  }
}
catches(
  'heartbeats are known as such, however often they were copied',
  /isHeartbeatsTopic\('heartbeats-from-a'\) is false/,
  () => new OwnHeartbeats(),
)

let made = 0
class Counting extends Suffix {
  readonly #number = made++
  #asked = 0
  override formatRemoteTopic(alias: string, topic: string): string {
    return super.formatRemoteTopic(alias, `${topic}${this.counts ? this.#asked++ : this.#number}`)
  }
  protected readonly counts: boolean = true
}
class Numbered extends Counting {
  protected override readonly counts = false
}
catches('the same question has the same answer', /Asked about orders twice, the policy gave two answers/, () => new Counting())
catches('the same question has the same answer', /Asked about orders, two instances gave two answers/, () => new Numbered())

test('each rule is broken by somebody here', () => {
  const rules = policyConformance({ create: () => new Suffix() }).map(({ name }) => name)
  assert.deepEqual(
    rules.filter(name => !caught.has(name)),
    [],
  )
})
