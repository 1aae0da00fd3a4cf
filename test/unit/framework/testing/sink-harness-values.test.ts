import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConfigError,
  ConnectError,
  type Converter,
  eachBatch,
  eachRecord,
  type SinkBatch,
  SinkTask,
  type SinkValue,
} from '../../../../framework/index.ts'
import { SinkHarness, type SinkHarnessOptions } from '../../../../framework/testing/index.ts'
import { manual } from './manual-sink.ts'

/** Keeps the values of each batch. */
class Keeper extends SinkTask {
  readonly kept: SinkValue[] = []
  readonly write: (value: SinkValue) => void

  constructor(write: (value: SinkValue) => void = () => undefined) {
    super()
    this.write = write
  }

  override start = async (): Promise<void> => undefined

  override deliver = eachRecord(value => {
    this.write(value)
    this.kept.push(value)
  })
}

const keeping = async (options: SinkHarnessOptions = {}, task = new Keeper()): Promise<[Keeper, SinkHarness]> => [
  task,
  await SinkHarness.start(task, options),
]

test('values are JSON without schemas and keys are text where the configuration names no converters', async () => {
  const [task, harness] = await keeping()
  await harness.deliver('orders', 3, [{ key: 'k', json: { id: 1 } }, { value: '[true]' }, {}])
  await harness.settled()
  assert.deepEqual(
    task.kept.map(({ topic, partition, offset, key, value }) => [topic, partition, offset, key, value]),
    [
      ['orders', 3, 0, 'k', { id: 1 }],
      ['orders', 3, 1, null, [true]],
      ['orders', 3, 2, null, null],
    ],
  )
  const { original } = task.kept[0]!
  assert.deepEqual(
    [original.offset, Buffer.from(original.value!).toString(), original.timestampType],
    [0, '{"id":1}', 'CreateTime'],
  )
  await harness.stop()
})

test('values are text with that format', async () => {
  const [task, harness] = await keeping({ format: 'text' })
  await harness.deliver('orders', 0, [{ value: 'not JSON' }])
  await harness.settled()
  assert.deepEqual(
    task.kept.map(({ value }) => value),
    ['not JSON'],
  )
})

test('converters and transforms of the configuration are used, those of one’s own by the name they are handed over with', async () => {
  class Shout implements Converter {
    fromConnect = () => null
    toConnect = (_: string, bytes: Uint8Array | null) => ({
      schema: null,
      value: `${Buffer.from(bytes ?? [])
        .toString()
        .toUpperCase()}!`,
    })
  }
  const config = {
    'value.converter': './shout.js',
    transforms: 'route',
    'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.route.regex': '(.*)',
    'transforms.route.replacement': 'copy of $1',
  }
  const [task, harness] = await keeping({ config, plugins: { './shout.js': Shout } })
  await harness.deliver('orders', 2, [{ value: 'a' }, { value: 'b' }])
  await harness.settled()
  assert.deepEqual(
    task.kept.map(({ topic, partition, value, original }) => [topic, partition, value, original.topic, original.offset]),
    [
      ['copy of orders', 2, 'A!', 'orders', 0],
      ['copy of orders', 2, 'B!', 'orders', 1],
    ],
  )
  await harness.revoke({ topic: 'orders', partition: 2 })
  assert.deepEqual([...harness.committed], [['orders-2', 2]], 'under the name that the log has')
  await assert.rejects(SinkHarness.start(new Keeper(), { config }), error => {
    return error instanceof ConfigError && /value.converter = \.\/shout\.js: is not known to the harness/.test(error.message)
  })
})

test('bytes are refused where they would pass by transforms', async () => {
  const config = { transforms: 'drop', 'transforms.drop.type': 'Filter' }
  const [task, harness] = await manual({ config })
  await harness.deliver('orders', 0, [{ value: '1' }])
  const batch = task.batches[0]!
  assert.throws(
    () => batch.records(),
    error =>
      error instanceof ConnectError &&
      error.code === 'TRANSFORMS_UNUSED' &&
      error.kind === 'fatal' &&
      /values\(\)/.test(error.message),
  )
  assert.deepEqual(await batch.values(), [])
})

test('a batch is converted once, also where it is delivered again, and forgotten when it is acknowledged', async () => {
  const [task, harness] = await manual()
  await harness.deliver('orders', 0, [{ value: '1' }])
  const batch = task.batches[0]!
  const [first, second] = await Promise.all([batch.values(), batch.values()])
  assert.equal(first, second)
  task.onFlush = () => {
    throw new ConnectError('BUSY', 'later', { kind: 'retriable', stage: 'deliver' })
  }
  await harness.flush()
  assert.equal(task.batches.length, 2)
  assert.equal(task.batches[1]!.deliveries, 2)
  assert.equal(await task.batches[1]!.values(), first)
  task.ack(1)
  await assert.rejects(task.batches[1]!.values(), /is acknowledged: its bytes are gone/)
})

test('a record that cannot be converted fails the task, even where the task ignores it', async () => {
  class Ignoring extends SinkTask {
    override start = async (): Promise<void> => undefined
    override deliver = eachBatch(async batch => {
      await batch.values().catch(() => undefined)
    })
  }
  const harness = await SinkHarness.start(new Ignoring())
  await harness.deliver('orders', 0, [{ value: '{"a":1}' }, { value: 'no JSON' }])
  await harness.settled()
  await harness.commit()
  assert.equal(harness.error?.code, 'TOLERANCE_EXCEEDED')
  assert.match(
    harness.error?.message ?? '',
    /^Tolerance exceeded in error handler of task test-0: the value of a record of orders\/0\/1/,
  )
  assert.equal(harness.committed.size, 0)
  assert.deepEqual([harness.recordErrors.failures, harness.recordErrors.errors, harness.recordErrors.skipped], [1, 1, 0])
})

test('values that nobody waits for, and that cannot be had, fail the task and not the process', async () => {
  class Careless extends SinkTask {
    override start = async (): Promise<void> => undefined
    override deliver = eachBatch(async batch => {
      void batch.values()
      await new Promise(setImmediate)
    })
  }
  const harness = await SinkHarness.start(new Careless())
  await harness.deliver('orders', 0, [{ value: 'no JSON' }])
  await harness.settled()
  await harness.commit()
  assert.equal(harness.error?.code, 'TOLERANCE_EXCEEDED')
  assert.equal(harness.committed.size, 0)
})

test('with tolerance all it is passed over, and told of where it is collected', async () => {
  const [task, harness] = await keeping({ errantRecords: 'collected' })
  await harness.deliver('orders', 0, [{ value: '1' }, { value: 'no JSON' }, { value: '3' }])
  await harness.settled()
  await harness.commit()
  assert.deepEqual(
    task.kept.map(({ value }) => value),
    [1, 3],
  )
  assert.equal(harness.committed.get('orders-0'), 3)
  const [{ record, error } = assert.fail('nothing collected')] = harness.errant
  assert.deepEqual(
    [record.offset, (error as ConnectError).stage, (error as ConnectError).className],
    [1, 'value-converter', 'JsonConverter'],
  )
  assert.equal(harness.recordErrors.skipped, 1)
  const [silent, unreported] = await keeping({ config: { 'errors.tolerance': 'all' } })
  await unreported.deliver('orders', 0, [{ value: 'no JSON' }, { value: '2' }])
  await unreported.settled()
  assert.deepEqual(
    silent.kept.map(({ value }) => value),
    [2],
  )
  assert.deepEqual(unreported.errant, [])
})

test('a record that the task refuses is reported, the others go on; without tolerance the task fails', async () => {
  const refusal = new Error('2 is not wanted')
  const picky = () =>
    new Keeper(({ value }) => {
      if (value === 2) throw refusal
    })
  const [task, harness] = await keeping({ errantRecords: 'collected' }, picky())
  await harness.deliver('orders', 0, [{ value: '1' }, { value: '2' }, { value: '3' }])
  await harness.settled()
  assert.deepEqual(
    task.kept.map(({ value }) => value),
    [1, 3],
  )
  assert.deepEqual(
    harness.errant.map(({ record, error }) => [record.offset, error]),
    [[1, refusal]],
  )
  const [strict, failing] = await keeping({ errantRecords: 'collected', tolerance: 'none' }, picky())
  await failing.deliver('orders', 0, [{ value: '1' }, { value: '2' }, { value: '3' }])
  await failing.settled()
  await failing.commit()
  assert.equal(strict.kept.length, 1)
  assert.equal(failing.error?.code, 'TOLERANCE_EXCEEDED')
  assert.match(failing.error?.message ?? '', /the task cannot take the record orders\/0\/1: 2 is not wanted/)
  assert.equal(failing.committed.get('orders-0') ?? 0, 0)
})

test('a report whose rejection nobody sees fails the task under tolerance none', async () => {
  class Swallowing extends SinkTask {
    override start = async (): Promise<void> => undefined
    override deliver = eachBatch(async (batch: SinkBatch) => {
      const [value] = await batch.values()
      await batch.errantRecords?.report(value!, new Error('no')).catch(() => undefined)
    })
  }
  const harness = await SinkHarness.start(new Swallowing(), { errantRecords: 'collected', tolerance: 'none' })
  await harness.deliver('orders', 0, [{ value: '1' }])
  await harness.settled()
  assert.equal(harness.error?.code, 'TOLERANCE_EXCEEDED')
})

test('a wait for a converter ends with the lane: the batch is not acknowledged, and the task does not fail', async () => {
  class Down implements Converter {
    fromConnect = () => null
    toConnect = async (): Promise<never> => {
      throw new ConnectError('REGISTRY_DOWN', 'no answer', { kind: 'retriable', stage: 'decode' })
    }
  }
  const config = { 'value.converter': 'Down', 'errors.retry.timeout': '-1' }
  const [task, harness] = await keeping({ config, plugins: { Down } })
  await harness.deliver('orders', 0, [{ value: '1' }])
  await harness.revoke({ topic: 'orders', partition: 0 })
  assert.equal(harness.error, undefined)
  assert.equal(harness.committed.size, 0)
  assert.deepEqual(task.kept, [])
  await harness.stop()
})
