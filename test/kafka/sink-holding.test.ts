import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { Observable, Subject } from 'rxjs'
import { type CloseReason, ConnectError, type SinkAck, type SinkBatch, type SinkPartition } from '../../framework/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { KeepingSink, RunningSink, type RunningSinkOptions } from './running-sink.ts'

/** Acknowledges nothing by itself: what it holds is written by `flush`, as the test has it. */
class HoldingSink extends KeepingSink {
  readonly acks = new Subject<SinkAck>()
  readonly flushes: string[] = []
  onFlush: (partitions: readonly SinkPartition[]) => void = () => undefined
  onClose: () => Promise<void> = async () => undefined

  override deliver = (batch$: Observable<SinkBatch>) =>
    new Observable<SinkAck>(acks => {
      acks.add(this.acks.subscribe(acks))
      acks.add(batch$.subscribe({ next: batch => this.batches.push(batch), complete: () => acks.complete() }))
    })

  override async flush(partitions: readonly SinkPartition[]): Promise<void> {
    this.flushes.push(partitions.map(({ partition }) => partition).join(' '))
    this.onFlush(partitions)
  }

  override async close(partitions: readonly SinkPartition[], reason: CloseReason): Promise<void> {
    await this.onClose()
    await super.close(partitions, reason)
  }

  /** All of these partitions, each batch wholly. */
  write(partitions: readonly SinkPartition[]): void {
    const numbers = partitions.map(({ partition }) => partition)
    for (const batch of this.batches) if (numbers.includes(batch.partition)) this.acks.next({ batch })
  }
}

describe('a sink that holds back', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'holding' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const run = (t: TestContext, topic: string, settings: RunningSinkOptions['settings'] = {}, task = new HoldingSink()) => {
    const sink = new RunningSink(kafka, { group: topic, selection: { topics: [topic] }, settings, task })
    t.after(() => sink.stop())
    return { sink, task }
  }

  const holds = (task: HoldingSink, count: number) =>
    eventually(
      `${count} batches`,
      async () => task.batches.length,
      found => found === count,
    )

  const committed = async (topic: string): Promise<string> =>
    (await bridge.groupOffsets(kafka, topic))
      .map(({ partition, offset }) => `${partition}:${offset}`)
      .sort()
      .join(' ')

  const isCommitted = (topic: string, offsets: string) =>
    eventually(
      `committed ${offsets}`,
      () => committed(topic),
      found => found === offsets,
    )

  test('and whose flush fails retriably is given all it did not acknowledge again, in order, and keeps its place', async t => {
    const topic = 'flushed'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    const { sink, task } = run(t, topic, { flushIntervalMs: 300, maxRecords: 1 })
    task.onFlush = partitions => {
      if (task.flushes.length === 1)
        throw new ConnectError('DROPPED', 'the connection broke', { kind: 'retriable', stage: 'deliver' })
      task.write(partitions)
    }
    for (const value of ['a', 'b', 'c']) await bridge.produce(kafka, topic, [{ value }])
    await isCommitted(topic, '0:3')
    const delivered = task.batches.map(({ firstOffset, deliveries }) => [firstOffset, deliveries] as const)
    const again = delivered.slice(-3).map(([offset]) => offset)
    assert.deepEqual(again, [0, 1, 2])
    assert.equal(new Set(task.batches).size, 3, 'the same batches')
    assert.equal(task.batches[0]!.deliveries, 2)
    assert.deepEqual([task.told, sink.host.generationId], [['open 0'], 1])
    assert.ok(
      sink.logger.lines.some(({ message }) => /What was not acknowledged is delivered again: the connection broke/.test(message)),
    )
  })

  test('has committed what it acknowledged, a part of a batch or nothing, and goes on from there', async t => {
    const topic = 'lower'
    await bridge.createTopic(kafka, topic, { partitions: 2 })
    for (const partition of [0, 1])
      await bridge.produce(
        kafka,
        topic,
        ['a', 'b', 'c', 'd', 'e'].map(value => ({ partition, value })),
      )
    const first = run(t, topic, { gracefulTimeoutMs: 1_000 })
    await holds(first.task, 2)
    const batch = first.task.batches.find(({ partition }) => partition === 0)!
    first.task.acks.next({ batch, nextOffset: 3 })
    await isCommitted(topic, '0:3')
    await first.sink.stop()
    assert.equal(await committed(topic), '0:3', 'nothing of the partition of which it acknowledged nothing')
    const { task } = run(t, topic)
    await holds(task, 2)
    const starts = task.batches.map(({ partition, firstOffset }) => `${partition}/${firstOffset}`)
    assert.deepEqual(starts.sort(), ['0/3', '1/0'])
    for (const held of task.batches) task.acks.next({ batch: held })
    await isCommitted(topic, '0:5 1:5')
  })

  test('is asked to write before a rebalance: partitions are closed after their last commit, and opened only where they are new', async t => {
    const topic = 'moving'
    await bridge.createTopic(kafka, topic, { partitions: 2 })
    const settings: RunningSinkOptions['settings'] = { assignors: ['cooperative-sticky'], commitIntervalMs: 60_000 }
    for (const partition of [0, 1]) await bridge.produce(kafka, topic, [{ partition, value: 'a' }])
    const first = run(t, topic, settings)
    await holds(first.task, 2)
    assert.deepEqual([await committed(topic), first.task.flushes], ['', []])
    first.task.onFlush = partitions => first.task.write(partitions)
    let atClose = ''
    first.task.onClose = async () => {
      atClose = await committed(topic)
    }
    const second = run(t, topic, settings)
    await eventually(
      'moved',
      async () => second.task.told.length,
      count => count === 1,
    )
    const [moved] = first.task.flushes
    assert.equal(atClose, `${moved}:1`)
    assert.deepEqual([first.task.told, second.task.told], [['open 0 1', `revoked ${moved}`], [`open ${moved}`]])
    first.task.onClose = async () => undefined
    await first.sink.stop()
    await isCommitted(topic, '0:1 1:1')
    assert.equal(second.task.batches.length, 0, 'nothing is delivered again')
  })

  test('is told whether the producer or the broker said when', async t => {
    const topic = 'times'
    await bridge.createTopic(kafka, topic, { partitions: 1, config: { 'message.timestamp.type': 'LogAppendTime' } })
    await bridge.produce(kafka, topic, [{ value: 'a', timestamp: 1_700_000_000_000 }])
    const { task } = run(t, topic)
    await holds(task, 1)
    const [record] = task.batches[0]!.records()
    assert.equal(record?.timestampType, 'LogAppendTime')
    assert.ok(record.timestamp > 1_700_000_000_000)
    task.acks.next({ batch: task.batches[0]! })
  })
})
