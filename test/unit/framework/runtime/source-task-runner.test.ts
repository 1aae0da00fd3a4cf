import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectError } from '../../../../framework/api/index.ts'
import { encoded, MemoryPartWriter } from '../../../../framework/testing/index.ts'
import { CountingTask, fatal, ManualTask, ofPartition, partOf, seededRandom, settings, source, until } from './fixtures.ts'
import { runnerOf, started } from './source-runner-fixtures.ts'

const a = source('a')
const b = source('b')

test('demands fill the window, parts are written, acknowledged with their place, and give room', async () => {
  const { runner, task, writer, registry, ended } = await started()
  assert.equal(task.demands.length, 4)
  task.emit(partOf(a, 0), partOf(a, 1), partOf(b, 7))
  assert.equal(runner.unresolvedParts, 3)
  assert.equal(runner.usedBytes, 3 * 250 + 300)
  writer.ackAll()
  assert.deepEqual(
    task.acks.filter(ack => ack.part.sourcePartition === a).map(ack => [ack.topic, ack.partition, ack.baseOffset, ack.count]),
    [
      ['a', 0, 0, 10],
      ['a', 0, 10, 10],
    ],
  )
  await until(() => task.demands.length === 5, 'the fifth demand')
  assert.deepEqual(
    new Map(runner.prefix.takeCommittable()),
    new Map([
      [a, { offset: 1 }],
      [b, { offset: 7 }],
    ]),
  )
  const [entryA] = registry.ownedBy('clock-0')
  assert.deepEqual([entryA?.records, entryA?.bytes, entryA?.state], [20, 200, 'COPYING'])
  runner.drain()
  await ended
})

test('acknowledgements out of order across lanes: every offset in order per source partition, nothing lost, bounded by the window', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const task = new CountingTask(names, 400)
  const writer = new MemoryPartWriter({ random: seededRandom(1) })
  const { runner } = runnerOf(task, writer)
  let maxUsed = 0
  const watch = setInterval(() => (maxUsed = Math.max(maxUsed, runner.usedBytes)), 1)
  const ended = runner.run()
  await until(() => task.acks.length === 2_000, 'all acknowledgements')
  runner.drain()
  await ended
  clearInterval(watch)
  for (const [i, name] of names.entries()) {
    const offsets = task.acks.filter(ack => ack.topic === name).map(ack => ack.part.sourceOffset.offset)
    assert.deepEqual(
      offsets,
      Array.from({ length: 400 }, (_, offset) => offset),
    )
    assert.equal(writer.written(names[i]!, 0).length, 400)
  }
  assert.ok(maxUsed <= settings.windowBytes, `${maxUsed} bytes`)
})

test('empty parts move the offset only, in their turn', async () => {
  const { runner, task, writer } = await started()
  task.emit(partOf(a, 0), { sourcePartition: a, sourceOffset: { offset: 5 }, records: [] })
  assert.deepEqual(runner.prefix.takeCommittable(), [])
  writer.ackAll()
  assert.deepEqual(runner.prefix.takeCommittable(), [[a, { offset: 5 }]])
  const last = task.acks.at(-1)
  assert.deepEqual([last?.count, last?.baseOffset], [0, -1])
})

test('decoded records are encoded per target; the part counts once all of them are acknowledged', async () => {
  const { runner, task, writer } = await started()
  const record = (topic: string) => ({ topic, partition: 0, key: null, value: Buffer.from('v'), headers: [], timestamp: -1 })
  task.emit({ sourcePartition: a, sourceOffset: { offset: 1 }, records: [record('x'), record('y'), record('x')] })
  writer.ack('y', 0)
  assert.equal(task.acks.length, 0)
  writer.ack('x', 0)
  assert.deepEqual(runner.prefix.takeCommittable(), [[a, { offset: 1 }]])
  assert.deepEqual([task.acks[0]?.count, task.acks[0]?.baseOffset], [3, -1])
})

test('a refused part stops its source partition only: what came before is committed, what comes after is dropped', async () => {
  const { runner, task, writer, registry, failedPartitions } = await started()
  const tooLarge = ofPartition('too large')
  task.emit(partOf(a, 0), partOf(a, 1), partOf(a, 2), partOf(b, 0))
  writer.ack('a', 0)
  writer.refuseWhere(() => tooLarge)
  writer.ack('a', 0)
  writer.refuseWhere(() => undefined)
  assert.deepEqual(task.refusals, [{ partition: a, error: tooLarge }])
  task.emit(partOf(a, 3), partOf(b, 1))
  writer.ackAll()
  assert.deepEqual(
    new Map(runner.prefix.takeCommittable()),
    new Map([
      [a, { offset: 0 }],
      [b, { offset: 1 }],
    ]),
  )
  assert.equal(writer.written('b', 0).length, 2)
  assert.equal(runner.unresolvedParts, 0)
  assert.equal(runner.usedBytes, runner.usedBytes - (runner.usedBytes % 250), 'all bytes released')
  assert.deepEqual(
    registry.ownedBy('clock-0').map(entry => entry.state),
    ['FAILED', 'COPYING'],
  )
  assert.deepEqual(failedPartitions, [tooLarge])
})

test('a partition the task itself reports as failed is dropped from then on', async () => {
  const { runner, task, writer, registry } = await started()
  task.emit(partOf(a, 0))
  runner.partitionFailed({ name: 'a' }, ofPartition('gone'))
  task.emit(partOf(a, 1))
  writer.ackAll()
  assert.deepEqual(runner.prefix.takeCommittable(), [[a, { offset: 0 }]])
  assert.equal(writer.written('a', 0).length, 1)
  assert.equal(registry.ownedBy('clock-0')[0]?.state, 'FAILED')
  assert.deepEqual(task.refusals, [])
})

test('equal partition objects are one partition', async () => {
  const { runner, task, writer } = await started()
  task.emit(partOf({ topic: 't', name: 'a' }, 0), partOf({ name: 'a', topic: 't' }, 1))
  writer.ackAll()
  const committable = runner.prefix.takeCommittable()
  assert.equal(committable.length, 1)
  assert.deepEqual(committable[0]?.[1], { offset: 1 })
})

test('drain waits for outstanding demands and for acknowledgements', async () => {
  const task = new (class extends ManualTask {
    override onDemandComplete(): void {
      this.demandCompleted = true
    }
  })()
  const { runner, writer, ended } = await started({}, task)
  let isEnded = false
  void ended.then(() => (isEnded = true))
  task.emit(partOf(a, 0))
  runner.drain()
  assert.ok(task.demandCompleted)
  assert.ok(task.demands[0]?.signal.aborted, 'long polls end')
  task.emit(partOf(a, 1))
  task.batch$.complete()
  await new Promise(setImmediate)
  assert.equal(isEnded, false)
  writer.ackAll()
  await ended
  assert.deepEqual(runner.prefix.takeCommittable(), [[a, { offset: 1 }]])
})

test('an error of the task: what had been sent is finished, then the run fails with it', async () => {
  const { runner, task, writer, ended, failures } = await started()
  task.emit(partOf(a, 0))
  task.batch$.error(new Error('source broken'))
  assert.equal(runner.unresolvedParts, 1)
  writer.ackAll()
  await assert.rejects(ended, /clock-0 failed.*source broken/)
  assert.deepEqual(runner.prefix.takeCommittable(), [[a, { offset: 0 }]])
  assert.equal(failures.length, 1)
})

test('a dead writer fails the task; the first error counts, the others are told of', async () => {
  const { task, writer, ended, failures } = await started()
  task.emit(partOf(a, 0), partOf(b, 0))
  let n = 0
  writer.refuseWhere(() => fatal(`dead ${++n}`))
  writer.ackAll()
  await assert.rejects(ended, /dead 1/)
  assert.deepEqual(
    failures.map(error => error.message),
    ['dead 1', 'dead 2'],
  )
})

test('abort waits for nothing and ignores what comes later', async () => {
  const { runner, task, writer, ended } = await started()
  task.emit(partOf(a, 0))
  runner.abort()
  await ended
  writer.ackAll()
  assert.equal(task.acks.length, 0)
  assert.equal(task.batch$.observed, false)
})

for (const [what, misbehave, message] of [
  [
    'a batch without a demand',
    (task: ManualTask) => Array.from({ length: 5 }, () => task.emit()),
    /clock-0 emitted a batch without a demand/,
  ],
  ['two batches for the last demand', (task: ManualTask) => Array.from({ length: 9 }, () => task.emit()), /without a demand/],
] as const) {
  test(`contract: ${what}`, async () => {
    const { task, ended } = await started()
    misbehave(task)
    await assert.rejects(ended, (error: ConnectError) => error.code === 'CONTRACT_BROKEN' && message.test(error.message))
  })
}

for (const method of ['acknowledged', 'refused', 'throttle'] as const) {
  test(`contract: a throw in ${method}() fails the task and names it`, async () => {
    const task = new (class extends ManualTask {
      override acknowledged(): void {
        if (method === 'acknowledged') throw new Error('oops')
      }
      override refused(): void {
        if (method === 'refused') throw new Error('oops')
      }
      override throttle(): void {
        if (method === 'throttle') throw new Error('oops')
      }
    })()
    const { writer, ended } = await started({}, task)
    if (method === 'refused') writer.refuseWhere(() => ofPartition('no'))
    task.emit(partOf(a, 0))
    if (method === 'throttle') writer.hold('a', 0)
    if (method === 'throttle') writer.letGo('a', 0)
    writer.ackAll()
    await assert.rejects(ended, new RegExp(`Task clock-0 threw in ${method}\\(\\): oops`))
  })
}

test('a throw of batches() itself fails the run', async () => {
  const task = new (class extends ManualTask {
    override batches(): never {
      throw new Error('no stream')
    }
  })()
  const { runner } = runnerOf(task, new MemoryPartWriter())
  await assert.rejects(runner.run(), /no stream/)
})

test('records that cannot be encoded fail their partition, or the task if the encoder is broken', async () => {
  const decoded = { sourcePartition: a, sourceOffset: { offset: 0 }, records: encoded('x', 0, 1).records() }
  const record = { topic: 'x', key: null, value: null, headers: [], timestamp: -1 }
  let error: Error = ofPartition('no such partition')
  const encodeRecords = () => {
    throw error
  }
  const { task, ended, failedPartitions } = await started({ encodeRecords })
  task.emit({ ...decoded, records: [record] })
  assert.equal(failedPartitions.length, 1)
  error = new Error('bug')
  task.emit({ ...decoded, sourcePartition: b, records: [record] })
  await assert.rejects(ended, /bug/)
})
