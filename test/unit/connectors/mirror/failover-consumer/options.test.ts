import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FailoverConsumer, type FailoverConsumerOptions } from '../../../../../connectors/mirror/failover-consumer/index.ts'
import { checkOptions } from '../../../../../connectors/mirror/failover-consumer/options.ts'
import { ConfigError } from '../../../../../framework/api/index.ts'

const SERVERS = { 'bootstrap.servers': '127.0.0.1:1' }

const OPTIONS: FailoverConsumerOptions = {
  group: 'billing',
  topics: ['orders'],
  clusters: { A: SERVERS, B: SERVERS },
  preferred: 'A',
  eachMessage: async () => undefined,
}

const keysOf = (options: FailoverConsumerOptions): readonly string[] => {
  try {
    new FailoverConsumer(options)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ key }) => key)
  }
}

describe('options of a FailoverConsumer', () => {
  test('all problems come at once', () => {
    const { eachMessage: _, ...silent } = OPTIONS
    const wrong = { ...silent, group: '', topics: [], clusters: { A: SERVERS }, preferred: 'C', failoverAfterMs: 0 }
    assert.deepEqual(keysOf(wrong), ['group', 'topics', 'clusters', 'preferred', 'eachMessage', 'failoverAfterMs'])
    assert.deepEqual(keysOf({ ...OPTIONS, eachBatch: async () => undefined }), ['eachMessage'])
    assert.deepEqual(keysOf(OPTIONS), [])
  })

  test('a problem of a cluster’s properties names the cluster', () => {
    assert.deepEqual(keysOf({ ...OPTIONS, clusters: { A: SERVERS, B: {} } }), ['B.bootstrap.servers'])
    const secured = { ...SERVERS, 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'GSSAPI' }
    assert.ok(keysOf({ ...OPTIONS, clusters: { A: secured, B: SERVERS } }).every(key => key.startsWith('A.sasl')))
  })

  test('a topic is consumed under both of its names, each the copy of the other cluster’s', () => {
    const { pairs } = checkOptions(OPTIONS)
    assert.deepEqual(pairs, [
      { original: 'orders', origin: 'A', names: { A: 'orders', B: 'A.orders' } },
      { original: 'orders', origin: 'B', names: { A: 'B.orders', B: 'orders' } },
    ])
    const separator = { ...SERVERS, 'replication.policy.separator': '_' }
    const other = checkOptions({ ...OPTIONS, clusters: { A: separator, B: separator } }).pairs
    assert.deepEqual(other[0]?.names, { A: 'orders', B: 'A_orders' })
  })

  test('where names are kept there is one log', () => {
    const identity = { ...SERVERS, 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy' }
    const { pairs } = checkOptions({ ...OPTIONS, clusters: { A: identity, B: identity } })
    assert.deepEqual(pairs, [{ original: 'orders', origin: null, names: { A: 'orders', B: 'orders' } }])
  })
})
