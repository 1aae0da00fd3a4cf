import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { clientProperties, entityLabel, type Side } from '../../../../../connectors/mirror/config/clients.ts'
import {
  CONNECTOR_KEYS,
  MIRROR_CONNECTORS,
  MirrorMakerConfig,
} from '../../../../../connectors/mirror/config/mirror-maker-config.ts'
import { parseProperties } from '../../../../../framework/config/properties.ts'
import { DefaultReplicationPolicy, DefaultTopicFilter } from '../../../../../policies/index.ts'

interface Case {
  readonly file: string
  /** `A->B` to what MirrorMaker 2 makes of it; `clients` null = it refuses the connector. */
  readonly pairs: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>> | null>>>>
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../../../../interop/fixtures/mirror-config.json', import.meta.url), 'utf8'),
)

const VARIABLE = `\${fake:secret:password}`

const fake = (properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, value.replace(VARIABLE, 'secret2')]))

test('takes files apart exactly as MirrorMaker 2 does', () => {
  assert.ok(cases.length >= 10)
  for (const { file, pairs } of cases) {
    const config = new MirrorMakerConfig(parseProperties(Buffer.from(file)))
    assert.deepEqual(config.clusterPairs.map(p => `${p.source}->${p.target}`).sort(), Object.keys(pairs).sort(), file)
    for (const pair of config.clusterPairs) {
      const expected = pairs[`${pair.source}->${pair.target}`]
      assert.deepEqual({ ...config.workerConfig(pair) }, expected?.worker, file)
      for (const connector of MIRROR_CONNECTORS)
        assert.deepEqual(config.connectorBaseConfig(pair, connector), expected?.[connector], file)
      const connector = config.connectorBaseConfig(pair, 'MirrorSourceConnector')
      for (const [client, settings] of Object.entries(expected?.clients ?? {})) {
        const [, side, kind] = /^(source|target)(.*)$/.exec(client) ?? []
        const derived = clientProperties(connector, side as Side, kind?.toLowerCase() as 'admin', entityLabel(connector), 'role')
        assert.deepEqual({ ...derived }, settings, file)
      }
    }
  }
})

test('a cluster becomes source.cluster and target.cluster; security at the top reaches everything', () => {
  const config = new MirrorMakerConfig({
    clusters: 'a, b',
    'a.bootstrap.servers': 'servers-one',
    'b.bootstrap.servers': 'servers-two',
    'security.protocol': 'SSL',
  })
  const connector = config.connectorBaseConfig({ source: 'a', target: 'b' }, 'MirrorSourceConnector')
  assert.equal(connector['source.cluster.bootstrap.servers'], 'servers-one')
  assert.equal(connector['target.cluster.bootstrap.servers'], 'servers-two')
  assert.equal(connector['security.protocol'], 'SSL')
  assert.equal(config.clusterProps('a')['consumer.security.protocol'], 'SSL')
})

test('settings of a flow win', () => {
  const config = new MirrorMakerConfig({ clusters: 'a, b', 'a->b.tasks.max': '123', 'tasks.max': '5' })
  assert.equal(config.connectorBaseConfig({ source: 'a', target: 'b' }, 'MirrorSourceConnector')['tasks.max'], '123')
  assert.equal(config.connectorBaseConfig({ source: 'b', target: 'a' }, 'MirrorSourceConnector')['tasks.max'], '5')
})

test('connector settings at the top are passed on, unknown ones and those that only a flow may set are not', () => {
  const passed = {
    'tasks.max': '100',
    topics: 'topic-1',
    groups: 'group-2',
    'replication.policy.separator': '__',
    'config.properties.exclude': 'property-3',
    'metric.reporters': 'x',
    'topic.filter.class': 'y',
    'isthmus.source.gap': 'fail',
  }
  const config = new MirrorMakerConfig({
    clusters: 'a, b',
    ...passed,
    xxx: 'yyy',
    'use.defaults.from': 'source',
    'consumer.fetch.min.bytes': '5',
  })
  const connector = config.connectorBaseConfig({ source: 'a', target: 'b' }, 'MirrorSourceConnector')
  assert.deepEqual(connector, {
    ...passed,
    name: 'MirrorSourceConnector',
    'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector',
    'source.cluster.alias': 'a',
    'target.cluster.alias': 'b',
    enabled: 'false',
  })
})

test('filter settings of a flow reach the filter', () => {
  const config = new MirrorMakerConfig({
    clusters: 'source, target',
    'source->target.topics': 'topic1, topic2',
    'source->target.topics.exclude': 'topic3',
  })
  const filter = new DefaultTopicFilter()
  filter.configure(config.connectorBaseConfig({ source: 'source', target: 'target' }, 'MirrorSourceConnector'))
  assert.deepEqual(
    ['topic1', 'topic2', 'topic3', 'topic4'].filter(t => filter.shouldReplicateTopic(t)),
    ['topic1', 'topic2'],
  )
})

test('the worker of a pair lives on the target; variables are resolved for it', () => {
  const config = new MirrorMakerConfig(
    {
      clusters: 'a, b',
      'config.providers': 'fake',
      'config.providers.fake.class': 'Fake',
      'replication.policy.separator': '__',
      'offset.storage.replication.factor': '123',
      'b.status.storage.replication.factor': '456',
      'b.producer.client.id': 'client-one',
      'b.security.protocol': 'PLAINTEXT',
      'b.producer.security.protocol': 'SASL',
      'ssl.truststore.password': 'secret1',
      'ssl.key.password': VARIABLE,
      'b.xxx': 'yyy',
    },
    fake,
  )
  const there = config.workerConfig({ source: 'b', target: 'a' })
  assert.equal(there['client.id'], 'b->a')
  assert.equal(there['group.id'], 'b-mm2')
  assert.equal(there['offset.storage.topic'], 'mm2-offsets.b.internal')
  assert.equal(there['offset.storage.replication.factor'], '123')
  assert.equal(there['replication.policy.separator'], '__')
  assert.equal(there['config.providers'], 'fake')
  const here = config.workerConfig({ source: 'a', target: 'b' })
  assert.equal(here['client.id'], 'a->b')
  assert.equal(here['status.storage.replication.factor'], '456')
  assert.equal(here['producer.client.id'], 'client-one')
  assert.equal(here['producer.security.protocol'], 'SASL')
  assert.equal(here['consumer.security.protocol'], 'PLAINTEXT')
  assert.equal(here['ssl.truststore.password'], 'secret1')
  assert.equal(here['producer.ssl.truststore.password'], 'secret1')
  assert.equal(here['ssl.key.password'], 'secret2')
  assert.equal(here['producer.ssl.key.password'], 'secret2')
})

test('connector settings keep their variables', () => {
  const config = new MirrorMakerConfig({ clusters: 'a, b', 'ssl.key.password': VARIABLE, 'a->b.topics': VARIABLE }, fake)
  const connector = config.connectorBaseConfig({ source: 'a', target: 'b' }, 'MirrorSourceConnector')
  assert.equal(connector['ssl.key.password'], VARIABLE)
  assert.equal(connector.topics, VARIABLE)
})

test('settings for a program of its own', () => {
  const config = new MirrorMakerConfig(
    {
      clusters: 'a, b',
      'replication.policy.separator': '__',
      'a.bootstrap.servers': 'servers-one',
      'security.protocol': 'PLAINTEXT',
      'a.producer.security.protocol': 'SSL',
      'ssl.key.password': VARIABLE,
    },
    fake,
  )
  const client = config.clientConfig('a')
  assert.equal(client['bootstrap.servers'], 'servers-one')
  assert.equal(client['admin.security.protocol'], 'PLAINTEXT')
  assert.equal(client['producer.security.protocol'], 'SSL')
  assert.equal(client['ssl.key.password'], 'secret2')
  const policy = new DefaultReplicationPolicy()
  policy.configure(client)
  assert.equal(policy.formatRemoteTopic('b', 'topic1'), 'b__topic1')
})

test('which pairs have a worker', () => {
  const pairs = (properties: Record<string, string>): readonly string[] =>
    new MirrorMakerConfig(properties).clusterPairs.map(p => `${p.source}->${p.target}`)
  const off = { 'emit.heartbeats.enabled': 'false' }
  assert.equal(pairs({ clusters: 'a, b, c' }).length, 6)
  assert.equal(pairs({ clusters: 'a, b, c', ...off }).length, 0)
  assert.equal(
    pairs({ clusters: 'a, b, c', 'a->b.emit.heartbeats.enabled': 'false', 'a->c.emit.heartbeats.enabled': 'false' }).length,
    4,
  )
  const six = {
    clusters: 'a, b, c, d, e, f',
    ...off,
    'a->b.enabled': 'true',
    'a->c.enabled': 'true',
    'a->d.enabled': 'true',
    'a->e.enabled': 'false',
  }
  assert.deepEqual(pairs(six), ['a->b', 'a->c', 'a->d'])
  const central = {
    clusters: 'central, local_one, local_two, beats_emitter',
    ...off,
    'central->local_one.enabled': 'true',
    'central->local_two.enabled': 'true',
    'beats_emitter->central.emit.heartbeats.enabled': 'true',
  }
  assert.deepEqual(pairs(central), ['central->local_one', 'central->local_two', 'beats_emitter->central'])
})

test('the names a file may set at the top', () => {
  for (const name of ['topics', 'groups', 'emit.heartbeats.enabled', 'tasks.max', 'security.protocol'])
    assert.ok(CONNECTOR_KEYS.has(name), name)
  assert.ok(!CONNECTOR_KEYS.has('task.assigned.partitions'))
})
