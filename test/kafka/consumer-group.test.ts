import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { cooperativeSticky } from '../../framework/kafka/consumer-group/cooperative-sticky.ts'
import { range } from '../../framework/kafka/consumer-group/range.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { GroupConsumer, type GroupConsumerOptions } from './group-consumer.ts'
import { Joined } from './joined.ts'

describe('a consumer group', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'groups' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const join = (t: TestContext, options: GroupConsumerOptions): GroupConsumer => {
    const consumer = new GroupConsumer(kafka, options)
    t.after(() => consumer.end())
    return consumer
  }

  const topicOf = async (name: string, partitions = 4): Promise<string> => {
    await bridge.createTopic(kafka, name, { partitions })
    return name
  }

  const produceTo = (topic: string, partitions: readonly number[]) =>
    bridge.produce(
      kafka,
      topic,
      partitions.map(partition => ({ partition, value: `in ${partition}` })),
    )

  test('of one Java consumer and one of ours shares the partitions, whoever leads, and each takes over from the other', async t => {
    const topic = await topicOf('shared')
    const ours = join(t, { groupId: 'shared', selection: { topics: [topic] }, assignors: [range, cooperativeSticky] })
    await ours.has(4)
    const java = bridge.consume(kafka, { group: 'shared', topics: [topic] })
    t.after(() => java.stop())
    await ours.has(2)
    assert.deepEqual(ours.told, ['assigned 0 1 2 3', 'revoked 0 1 2 3', `assigned ${ours.partitions.join(' ')}`])
    await produceTo(topic, [0, 1, 2, 3])
    await java.awaitRecords(2)
    const javas = java.records.map(({ partition }) => partition)
    assert.deepEqual([...javas, ...ours.partitions].sort(), [0, 1, 2, 3])
    await java.stop()
    await ours.has(4)
    const second = bridge.consume(kafka, { group: 'shared', topics: [topic] })
    t.after(() => second.stop())
    await ours.has(2)
    await ours.end()
    await produceTo(topic, [0, 1, 2, 3])
    await second.awaitRecords(4)
    const group = await bridge.describeGroup(kafka, 'shared')
    assert.equal(group.members.length, 1)
  })

  test('led by Java assigns ours too', async t => {
    const topic = await topicOf('led-by-java')
    const java = bridge.consume(kafka, { group: 'led-by-java', topics: [topic] })
    t.after(() => java.stop())
    await produceTo(topic, [0, 1, 2, 3])
    await java.awaitRecords(4)
    const ours = join(t, { groupId: 'led-by-java', selection: { topics: [topic] }, assignors: [range, cooperativeSticky] })
    await ours.has(2)
    assert.deepEqual(ours.told, [`assigned ${ours.partitions.join(' ')}`])
  })

  test('of cooperative members moves only what has to move', async t => {
    const topic = await topicOf('cooperative')
    const options = { groupId: 'cooperative', selection: { topics: [topic] }, assignors: [cooperativeSticky] }
    const first = join(t, options)
    await first.has(4)
    const second = join(t, options)
    await second.has(2)
    assert.deepEqual(first.told, ['assigned 0 1 2 3', 'revoked 2 3'])
    assert.deepEqual(second.told, ['assigned 2 3'])
    await first.end()
    await second.has(4)
    assert.deepEqual(second.told, ['assigned 2 3', 'assigned 0 1'])
  })

  test('by a pattern takes topics as they come into being, and their new partitions', async t => {
    await topicOf('late-other', 1)
    const consumer = join(t, {
      groupId: 'late',
      selection: { pattern: /^late-topic.*$/ },
      assignors: [range],
      metadataMaxAgeMs: 300,
    })
    await consumer.has(0)
    await topicOf('late-topic-1', 1)
    await consumer.has(1)
    await bridge.createPartitions(kafka, 'late-topic-1', 3)
    await consumer.has(3)
  })

  test('keeps a member that takes longer to give partitions back than its session lasts, and accepts its commit meanwhile', async t => {
    const topic = await topicOf('slow', 2)
    const options = { groupId: 'slow', selection: { topics: [topic] }, assignors: [range], sessionTimeoutMs: 1_500 }
    const slow = join(t, { ...options, giveBackMs: 3_000, commitWhenRevoked: 7 })
    await slow.has(2)
    const other = join(t, options)
    await other.has(1)
    await slow.has(1)
    assert.deepEqual(slow.told, ['assigned 0 1', 'revoked 0 1', `assigned ${slow.partitions.join(' ')}`])
    const offsets = await bridge.groupOffsets(kafka, 'slow')
    assert.deepEqual(offsets.map(({ partition, offset }) => `${partition} at ${offset}`).sort(), ['0 at 7', '1 at 7'])
  })

  test('commits what its members have, and nothing of what they have not', async t => {
    const topic = await topicOf('commits', 2)
    const options = { groupId: 'commits', selection: { topics: [topic] }, assignors: [cooperativeSticky] }
    const first = join(t, options)
    await first.has(2)
    const second = join(t, options)
    await second.has(1)
    const at = (partition: number) => ({ topic, partition, offset: 5, leaderEpoch: 0 })
    const signal = AbortSignal.timeout(10_000)
    assert.deepEqual(await first.group.commit([at(0), at(1)], signal), [at(first.partitions[0]!)])
    assert.deepEqual(await second.group.committed([at(0), at(1)], signal), [at(first.partitions[0]!)])
  })

  test('is joined again after the coordinator was gone, and keeps its offsets', async t => {
    const topic = await topicOf('gone', 1)
    const consumer = join(t, { groupId: 'gone', selection: { topics: [topic] }, assignors: [range] })
    await consumer.has(1)
    const [broker] = kafka.brokers
    await broker!.kill()
    const position = { topic, partition: 0, offset: 3, leaderEpoch: 0 }
    const committing = consumer.group.commit([position], AbortSignal.timeout(60_000))
    await broker!.start()
    const committed = await committing
    await eventually(
      'a member again',
      async () => consumer.partitions.length,
      count => count === 1,
    )
    const again = committed.length === 0 ? await consumer.group.commit([position], AbortSignal.timeout(30_000)) : committed
    assert.deepEqual(again, [position])
  })

  test('of KIP-848 shares its partitions with ours', async t => {
    const topic = await topicOf('kip-848', 2)
    const java = bridge.consume(kafka, { group: 'kip-848', topics: [topic], protocol: 'consumer' })
    t.after(() => java.stop())
    await produceTo(topic, [0, 1])
    await java.awaitRecords(2)
    const ours = join(t, { groupId: 'kip-848', selection: { topics: [topic] }, assignors: [range] })
    await ours.has(1)
  })

  test('of another kind is not joined: one error says why', async t => {
    const worker = new Joined(kafka, 'workers', 'a worker')
    t.after(() => worker.end())
    await worker.is('active')
    const ours = join(t, { groupId: 'workers', selection: { topics: ['any'] }, assignors: [range] })
    const { code, kind, message } = await ours.failure()
    assert.deepEqual([code, kind], ['INCONSISTENT_GROUP_PROTOCOL', 'fatal'])
    assert.match(message, /Group workers has members of another kind.*choose another group, or stop them/)
  })
})
