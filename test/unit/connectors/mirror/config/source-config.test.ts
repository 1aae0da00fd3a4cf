import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceConnectorClients, sourceTaskClients } from '../../../../../connectors/mirror/config/source-clients.ts'
import {
  offsetSyncsCluster,
  parseSourceTaskConfig,
  sourceDefinition,
  tryParseSourceConfig,
} from '../../../../../connectors/mirror/config/source-config.ts'
import type { ConfigProblem } from '../../../../../framework/api/connect-error.ts'

const base = {
  name: 'ConnectorName',
  'connector.class': 'ConnectorClass',
  'source.cluster.alias': 'source1',
  'target.cluster.alias': 'target2',
}

function problemsOf(properties: Record<string, string>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  tryParseSourceConfig({ ...base, ...properties }, problem => problems.push(problem))
  return problems
}

test('defaults are those of MirrorMaker 2', () => {
  const config = parseSourceTaskConfig(base)
  assert.equal(config['tasks.max'], 1)
  assert.deepEqual(config.topics, ['.*'])
  assert.deepEqual(config['topics.exclude'], ['.*[\\-\\.]internal', '.*\\.replica', '__.*'])
  assert.equal(config['replication.factor'], 2)
  assert.equal(config['refresh.topics.interval.seconds'], 600)
  assert.equal(config['offset.lag.max'], 100)
  assert.equal(config['isthmus.window.bytes'], 16 * 1024 * 1024)
})

test('assigned partitions survive, hyphens in names included', () => {
  const config = parseSourceTaskConfig({
    ...base,
    'task.assigned.partitions': 'topic-1-2,topic-3-4,topic-5-6',
    'task.index': '1',
  })
  assert.deepEqual(config['task.assigned.partitions'], ['topic-1-2', 'topic-3-4', 'topic-5-6'])
  assert.ok(!('task.assigned.partitions' in sourceDefinition))
})

test('the offset-syncs topic is named after the cluster it is not on', () => {
  const located = (location: string) =>
    offsetSyncsCluster(parseSourceTaskConfig({ ...base, 'offset-syncs.topic.location': location }))
  assert.deepEqual(located('source'), { side: 'source', aliasInName: 'target2' })
  assert.deepEqual(located('target'), { side: 'target', aliasInName: 'source1' })
  assert.match(problemsOf({ 'offset-syncs.topic.location': 'something' })[0]?.message ?? '', /one of source, target/)
})

test('settings of offset syncs that are not stored are a contradiction', () => {
  const [problem] = problemsOf({ 'emit.offset-syncs.enabled': 'false', 'offset-syncs.topic.replication.factor': '1' })
  assert.equal(problem?.key, 'emit.offset-syncs.enabled')
  assert.match(problem?.message ?? '', /offset-syncs\.topic\.replication\.factor is set; remove one or the other/)
  assert.deepEqual(problemsOf({ 'emit.offset-syncs.enabled': 'false' }), [])
})

test('clients of tasks and connectors differ by their ids alone, and follow the place of the offset syncs', () => {
  const props = {
    ...base,
    'task.index': '0',
    'source.cluster.bootstrap.servers': 's:1',
    'target.cluster.bootstrap.servers': 't:2',
    'source.producer.acks': '1',
  }
  const onSource = sourceTaskClients(props)
  assert.equal(onSource.offsetSyncsProducer.client.clientId, 'source1->target2|ConnectorName-0|offset-syncs-source-producer')
  assert.deepEqual(onSource.offsetSyncsProducer.client.bootstrapServers, ['s:1'])
  assert.equal(onSource.offsetSyncsProducer.writer.acks, 1)
  assert.equal(onSource.consumer.client.clientId, 'source1->target2|ConnectorName-0|replication-consumer')
  const onTarget = sourceTaskClients({ ...props, 'offset-syncs.topic.location': 'target' })
  assert.equal(onTarget.offsetSyncsProducer.client.clientId, 'source1->target2|ConnectorName-0|offset-syncs-target-producer')
  assert.deepEqual(onTarget.offsetSyncsProducer.client.bootstrapServers, ['t:2'])
  const admins = sourceConnectorClients({ ...props, 'offset-syncs.topic.location': 'target' })
  assert.equal(admins.offsetSyncsAdmin.clientId, 'source1->target2|ConnectorName|offset-syncs-target-admin')
  assert.equal(admins.sourceAdmin.clientId, 'source1->target2|ConnectorName|replication-source-admin')
})

test('how much is fetched: our key, else the consumer’s, else 4 MiB', () => {
  const props = {
    ...base,
    'task.index': '0',
    'source.cluster.bootstrap.servers': 's:1',
    'target.cluster.bootstrap.servers': 't:2',
  }
  assert.equal(sourceTaskClients(props).consumer.reader.maxBytes, 4 * 1024 * 1024)
  assert.equal(sourceTaskClients({ ...props, 'source.consumer.fetch.max.bytes': '2048' }).consumer.reader.maxBytes, 2048)
  const both = { ...props, 'source.consumer.fetch.max.bytes': '2048', 'isthmus.fetch.max.bytes': '4096' }
  assert.equal(sourceTaskClients(both).consumer.reader.maxBytes, 4096)
  assert.equal(sourceTaskClients(props).consumer.reader.isolation, 'read_committed')
})
