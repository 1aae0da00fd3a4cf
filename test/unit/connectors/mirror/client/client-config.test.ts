import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionSettings, resolved } from '../../../../../connectors/mirror/client/client-config.ts'
import { MirrorClient } from '../../../../../connectors/mirror/client/index.ts'
import { MirrorMakerConfig } from '../../../../../connectors/mirror/config/index.ts'
import { ConfigError } from '../../../../../framework/api/index.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'
import { DefaultReplicationPolicy } from '../../../../../policies/index.ts'

const SERVERS = { 'bootstrap.servers': 'b:9092' }

test('settings of one kind of client win, and what is no connection setting is passed over', () => {
  const properties = {
    ...SERVERS,
    'consumer.bootstrap.servers': 'c:9092',
    'consumer.client.id': 'mine',
    'request.timeout.ms': '1',
  }
  const consumer = connectionSettings(properties, 'consumer')
  assert.deepEqual(consumer.bootstrapServers, ['c:9092'])
  assert.deepEqual([consumer.clientId, consumer.requestTimeoutMs], ['mirror-client', 30_000])
  assert.deepEqual(connectionSettings(properties, 'admin').bootstrapServers, ['b:9092'])
})

test('takes what a mirror file says of a cluster, variables resolved', () => {
  const logger = new MemoryLogger()
  process.env.MIRROR_CLIENT_TEST = 'b:1'
  const file = {
    clusters: 'A, B',
    'config.providers': 'env',
    'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    'B.bootstrap.servers': `\${env:MIRROR_CLIENT_TEST}`,
    'A->B.enabled': 'true',
  }
  const properties = resolved(new MirrorMakerConfig(file).clientConfig('B'), logger)
  delete process.env.MIRROR_CLIENT_TEST
  assert.deepEqual(connectionSettings(properties, 'admin').bootstrapServers, ['b:1'])
  assert.deepEqual(logger.lines, [])
})

test('the policy is the one named, or the one given', async () => {
  const nameOf = async (properties: Readonly<Record<string, string>>, options = {}) => {
    const client = new MirrorClient({ ...SERVERS, ...properties }, options)
    await client.close()
    return client.policy.formatRemoteTopic('A', 't')
  }
  const java = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'
  assert.equal(await nameOf({}), 'A.t')
  assert.equal(await nameOf({ 'replication.policy.separator': '_' }), 'A_t')
  assert.equal(await nameOf({ 'replication.policy.class': java }), 't')
  const policy = new DefaultReplicationPolicy({ separator: '~' })
  assert.equal(await nameOf({ 'replication.policy.class': './own.js' }, { policy }), 'A~t')
})

test('a wrong configuration is refused by key', () => {
  const problemOf = (properties: Readonly<Record<string, string>>): string => {
    try {
      new MirrorClient(properties)
    } catch (error) {
      if (error instanceof ConfigError) return error.message
    }
    return ''
  }
  assert.match(problemOf({}), /^bootstrap\.servers: is missing/)
  assert.match(problemOf({ ...SERVERS, 'security.protocol': 'SSLX' }), /^security\.protocol = SSLX: must be one of/)
  for (const own of ['./own.js', 'DefaultTopicFilter'])
    assert.match(problemOf({ ...SERVERS, 'replication.policy.class': own }), /is no built-in policy; hand an instance/)
})
