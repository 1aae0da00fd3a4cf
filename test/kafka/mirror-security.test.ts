import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Acl, type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'

const AUTHORIZED = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin;User:ANONYMOUS',
}
const USER = { username: 'mirror', password: 'secret=with "quotes"', mechanism: 'SCRAM-SHA-512' } as const

describe('clusters with TLS, SASL and access rules', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([
      startCluster({ name: 'a', security: 'SASL_SSL', config: AUTHORIZED }),
      startCluster({ name: 'b', security: 'SSL', config: AUTHORIZED }),
      startBridge(),
    ])
    await bridge.createUser(source, USER)
    const rights = { principal: 'User:mirror', resourceType: 'TOPIC', patternType: 'PREFIXED', name: 'orders' }
    await bridge.createAcls(source, [
      { ...rights, operation: 'READ' },
      { ...rights, operation: 'DESCRIBE_CONFIGS' },
      { ...rights, resourceType: 'CLUSTER', patternType: 'LITERAL', name: 'kafka-cluster', operation: 'DESCRIBE' },
    ])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  async function mirror(t: { after(job: () => Promise<void>): void }, properties: Record<string, string>): Promise<Mirror> {
    const login = `username="${USER.username}" password="${USER.password.replaceAll('"', '\\"')}"`
    const security = {
      'A.security.protocol': 'SASL_SSL',
      'A.sasl.mechanism': USER.mechanism,
      'A.sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required ${login};`,
      'A.ssl.truststore.type': 'PEM',
      'A.ssl.truststore.location': source.security!.caPath!,
      'B.security.protocol': 'SSL',
      'B.ssl.truststore.type': 'PEM',
      'B.ssl.truststore.location': target.security!.caPath!,
    }
    const started = await startMirror({ source, target, properties: { ...security, ...properties } })
    t.after(() => started.stop())
    return started
  }

  test('records go from SASL_SSL with SCRAM to SSL, read by a user with no more rights than it needs', async t => {
    await bridge.createTopic(source, 'orders', { partitions: 2 })
    const written = await bridge.writeShapes(source, 'orders', { codec: 'zstd', partitions: 2, rounds: 4 })
    const { log } = await mirror(t, { 'A->B.topics': 'orders' })
    await bridge.awaitRecords(target, 'A.orders', written)
    const comparison = await bridge.compare(source, target, 'orders', { targetTopic: 'A.orders' })
    assert.ok(comparison.equal && comparison.target === written, JSON.stringify(comparison))
    assert.ok(!log.lines.some(line => JSON.stringify(line).includes('quotes')), 'the password is in no line of the log')
  })

  test('access rules come along, without the right to write', async t => {
    for (const topic of ['orders-acl', 'orders-other']) await bridge.createTopic(source, topic)
    const rule = (principal: string, operation: string, more: Partial<Acl> = {}): Acl => ({
      resourceType: 'TOPIC',
      name: 'orders-acl',
      patternType: 'LITERAL',
      principal: `User:${principal}`,
      host: '*',
      operation,
      permission: 'ALLOW',
      ...more,
    })
    await bridge.createAcls(source, [
      rule('all', 'ALL'),
      rule('reader', 'READ', { host: '10.0.0.7' }),
      rule('reader', 'WRITE'),
      rule('describer', 'DESCRIBE'),
      rule('denied', 'ALL', { permission: 'DENY' }),
      rule('denied-writer', 'WRITE', { permission: 'DENY' }),
      rule('of-all-with-prefix', 'READ', { patternType: 'PREFIXED' }),
      rule('of-another-topic', 'READ', { name: 'orders-other' }),
      rule('of-a-group', 'READ', { resourceType: 'GROUP' }),
    ])
    await mirror(t, { 'A->B.topics': 'orders-acl', 'sync.topic.acls.interval.seconds': '1' })
    const copied = (principal: string, operation: string, more: Partial<Acl> = {}): Acl =>
      rule(principal, operation, { name: 'A.orders-acl', ...more })
    const expected = [
      copied('all', 'READ'),
      copied('denied', 'ALL', { permission: 'DENY' }),
      copied('denied-writer', 'WRITE', { permission: 'DENY' }),
      copied('describer', 'DESCRIBE'),
      copied('reader', 'READ', { host: '10.0.0.7' }),
    ]
    const rules = async (): Promise<Acl[]> => (await bridge.listAcls(target)).sort((a, b) => (a.principal < b.principal ? -1 : 1))
    const present = await eventually('the rules', rules, found => found.length >= expected.length)
    assert.deepEqual(present, expected)

    await bridge.deleteAcls(source, [rule('describer', 'DESCRIBE')])
    await bridge.createAcls(source, [rule('zoe', 'READ')])
    const later = await eventually('the new rule', rules, found => found.some(({ principal }) => principal === 'User:zoe'))
    assert.deepEqual(later, [...expected, copied('zoe', 'READ')], 'and those taken away at the source stay')
  })
})
