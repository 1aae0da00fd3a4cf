import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientProperties, dataProducerProperties, entityLabel } from '../../../../../connectors/mirror/config/clients.ts'

const base = {
  name: 'ConnectorName',
  'connector.class': 'ConnectorClass',
  'source.cluster.alias': 'source1',
  'target.cluster.alias': 'target2',
}
const label = entityLabel(base)
const id = 'source1->target2|ConnectorName|test'

test('a source consumer gets the connection, its own settings and what is forced', () => {
  const props = { ...base, 'consumer.max.poll.interval.ms': '120000', 'source.cluster.bootstrap.servers': 'localhost:2345' }
  assert.deepEqual(clientProperties(props, 'source', 'consumer', label, 'test'), {
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
    'max.poll.interval.ms': '120000',
    'client.id': id,
    'bootstrap.servers': 'localhost:2345',
  })
  const latest = clientProperties({ ...base, 'consumer.auto.offset.reset': 'latest' }, 'source', 'consumer', label, 'test')
  assert.equal(latest['auto.offset.reset'], 'latest')
  const side = {
    ...base,
    'source.consumer.auto.offset.reset': 'latest',
    'consumer.auto.offset.reset': 'none',
    'source.consumer.max.poll.interval.ms': '100',
  }
  assert.equal(clientProperties(side, 'source', 'consumer', label, 'test')['auto.offset.reset'], 'latest')
  assert.equal(clientProperties(side, 'source', 'consumer', label, 'test')['max.poll.interval.ms'], '100')
  assert.equal(clientProperties(side, 'target', 'consumer', label, 'test')['auto.offset.reset'], 'none')
})

test('producers and admins, with and without the side', () => {
  for (const prefix of ['producer', 'source.producer']) {
    assert.deepEqual(clientProperties({ ...base, [`${prefix}.acks`]: '1' }, 'source', 'producer', label, 'test'), {
      acks: '1',
      'client.id': id,
    })
  }
  for (const side of ['source', 'target'] as const) {
    for (const prefix of ['admin', `${side}.admin`]) {
      const props = { ...base, [`${prefix}.connections.max.idle.ms`]: '10000' }
      assert.deepEqual(clientProperties(props, side, 'admin', label, 'test'), {
        'connections.max.idle.ms': '10000',
        'client.id': id,
      })
    }
  }
})

test('only connection and security settings of a cluster are handed down', () => {
  const props = { ...base, 'source.cluster.group.id': 'x', 'source.cluster.ssl.protocol': 'TLSv1.3' }
  assert.deepEqual(clientProperties(props, 'source', 'admin', label, null), {
    'ssl.protocol': 'TLSv1.3',
    'client.id': 'source1->target2|ConnectorName',
  })
})

test('client ids', () => {
  const task = { ...base, 'task.index': '3', 'consumer.client.id': 'mine' }
  assert.equal(entityLabel(task, 'task'), 'source1->target2|ConnectorName-3')
  assert.equal(entityLabel(base, 'task'), 'source1->target2|ConnectorName-?')
  const consumer = clientProperties(task, 'source', 'consumer', entityLabel(task, 'task'), 'replication-consumer')
  assert.equal(consumer['client.id'], 'mine|source1->target2|ConnectorName-3|replication-consumer')
})

test('the producer of records: the worker, then the overrides; producer.* of the flow does not reach it', () => {
  const worker = { 'bootstrap.servers': 'b:9092', 'producer.max.request.size': '5', 'producer.acks': '1', 'consumer.x': 'y' }
  const connector = { ...base, 'producer.max.request.size': '6', 'producer.override.acks': 'all' }
  assert.deepEqual(dataProducerProperties(worker, connector, 2), {
    'bootstrap.servers': 'b:9092',
    'client.id': 'connector-producer-ConnectorName-2',
    acks: 'all',
    'max.request.size': '5',
  })
})
