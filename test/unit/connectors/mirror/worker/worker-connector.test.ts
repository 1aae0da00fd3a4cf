import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  MirrorCheckpointConnector,
  MirrorHeartbeatConnector,
  MirrorSourceConnector,
} from '../../../../../connectors/mirror/index.ts'
import { DefaultReplicationPolicy } from '../../../../../policies/index.ts'
import { problemsOf, withConnect } from '../../../framework/herder/connect-fixtures.ts'

type Properties = Readonly<Record<string, string>>

const BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter'
const FLOW = {
  name: 'mirror',
  'source.cluster.alias': 'A',
  'target.cluster.alias': 'B',
  'source.cluster.bootstrap.servers': 'a:9092',
  'target.cluster.bootstrap.servers': 'b:9092',
  'key.converter': BYTES,
}

async function warningsOf(config: Properties, type: typeof MirrorSourceConnector | typeof MirrorCheckpointConnector) {
  return withConnect({}, async (connect, logger) => {
    await connect.check(config, type)
    return logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message.replace(/^\[.*\] /, ''))
  })
}

describe("the mirror's connectors, looked at by a worker", () => {
  test('by their own classes: the keys of Java, and those of their clients, are known', async () => {
    const clients = {
      'source.consumer.fetch.max.wait.ms': '100',
      'source.cluster.security.protocol': 'PLAINTEXT',
      'target.admin.request.timeout.ms': '1000',
      'consumer.isolation.level': 'read_committed',
      'replication.policy.separator': '_',
    }
    assert.deepEqual(await warningsOf({ ...FLOW, ...clients, topics: 'orders' }, MirrorSourceConnector), [])
    assert.deepEqual(await warningsOf({ ...FLOW, ...clients, topics: 'orders', groups: 'g' }, MirrorCheckpointConnector), [])
  })

  test('what has no effect is said to have none, with what to do', async () => {
    const idle = {
      'source.consumer.max.poll.records': '5',
      'isthmus.trace.ratio': '1',
      'forwarding.admin.class': 'x.Y',
      'value.converter': 'JsonConverter',
      topcs: 'orders',
    }
    const warnings = await warningsOf({ ...FLOW, ...idle }, MirrorSourceConnector)
    for (const line of [
      'topcs: is not known to MirrorSourceConnector and has no effect; did you mean topics?',
      'source.consumer.max.poll.records: has no effect here: ',
      'isthmus.trace.ratio: has no effect for one connector; write it in the properties of the worker',
      'forwarding.admin.class: has no effect: topics are created by the built-in administration; remove it',
      'value.converter: has no effect without transforms, ',
    ]) {
      assert.ok(
        warnings.some(warning => warning.startsWith(line)),
        `${line} is not among\n${warnings.join('\n')}`,
      )
    }
    assert.equal(warnings.length, 5, warnings.join('\n'))
  })

  test('keys that nobody knows may be those of a policy or filter of one’s own', async () => {
    const policy = `${fileURLToPath(new URL('./loud-policy.ts', import.meta.url))}`
    assert.deepEqual(await warningsOf({ ...FLOW, 'replication.policy.class': policy, loudness: '11' }, MirrorSourceConnector), [])
  })

  test('what cannot be is refused by name, all of it at once', async () => {
    const { 'source.cluster.alias': _, 'target.cluster.bootstrap.servers': __, ...rest } = FLOW
    const wrong = {
      ...rest,
      topics: 'orders(',
      'source.cluster.sasl.mechanism': 'GSSAPI',
      'source.cluster.security.protocol': 'SASL_PLAINTEXT',
      'offsets.storage.topic': 'mine',
      'exactly.once.support': 'required',
      'topics.blacklist': 'x',
      'isthmus.window.bytes': '5',
      'topic.filter.class': './none.js',
    }
    const problems = await withConnect({}, connect => problemsOf(() => connect.check(wrong, MirrorSourceConnector)))
    const keys = problems.map(line => line.slice(0, line.search(/ = |: /)))
    assert.deepEqual([...new Set(keys)].sort(), [
      'exactly.once.support',
      'isthmus.window.bytes',
      'offsets.storage.topic',
      'source.cluster.alias',
      'source.cluster.sasl.mechanism',
      'target.cluster.bootstrap.servers',
      'topic.filter.class',
      'topics',
      'topics.blacklist',
    ])
    assert.equal(problems.length, 9, problems.join('\n'))
  })

  test('a heartbeat connector asks for no source', async () => {
    const { 'source.cluster.bootstrap.servers': _, ...config } = FLOW
    await withConnect({}, connect => connect.check(config, MirrorHeartbeatConnector))
  })

  test('classes that are given their policy by a program look for none', async () => {
    const connector = new MirrorHeartbeatConnector(new DefaultReplicationPolicy())
    const { problems } = await connector.validate({ ...FLOW, 'replication.policy.class': './none.js' })
    assert.deepEqual(problems, [])
  })
})
