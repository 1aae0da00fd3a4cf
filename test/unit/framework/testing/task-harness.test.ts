import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeMap, NEVER, type Observable } from 'rxjs'
import { sleep } from '../../../../framework/flow/index.ts'
import {
  ConnectError,
  connectRecord,
  type Demand,
  pollWith,
  type SourceAck,
  type SourceBatch,
  type SourcePart,
  SourceTask,
  type SourceTaskContext,
} from '../../../../framework/index.ts'
import { MemoryOffsetStore, recordsOf, TaskHarness, TestOffsetStore } from '../../../../framework/testing/index.ts'

const PARTITION = { of: 'numbers' }

/** Numbers from the stored offset on, two records to a part. */
class Numbers extends SourceTask {
  #next = 0

  async start(context: SourceTaskContext): Promise<void> {
    const [stored] = await context.offsets([PARTITION])
    this.#next = stored == null ? 0 : Number(stored.n) + 1
  }

  batches = pollWith(async () => {
    const record = (n: number) => ({ topic: 'numbers', key: null, value: Buffer.from(String(n)), headers: [], timestamp: -1 })
    const part = {
      sourcePartition: { ...PARTITION },
      sourceOffset: { n: this.#next + 1 },
      records: [record(this.#next), record(this.#next + 1)],
    }
    this.#next += 2
    return [part]
  })
}

test('drives a task by hand: demand, acknowledgements in any order, commit, restart', async () => {
  const offsets = new MemoryOffsetStore()
  const harness = await TaskHarness.start(new Numbers(), { offsets })
  const [first, second, third] = await Promise.all([harness.demand(), harness.demand(), harness.demand()])
  harness.ack(third!.parts[0]!)
  harness.ack(first!.parts[0]!)
  await harness.commit()
  assert.deepEqual(await offsets.load([PARTITION]), [{ n: 1 }])
  harness.ack(second!.parts[0]!)
  await harness.stop()
  assert.deepEqual(await offsets.load([PARTITION]), [{ n: 5 }])
  const again = await TaskHarness.start(new Numbers(), { offsets })
  assert.deepEqual((await again.demand()).parts[0]?.sourceOffset, { n: 7 })
  await again.kill()
  assert.deepEqual(await offsets.load([PARTITION]), [{ n: 5 }])
})

test('refusals end the prefix; parts are resolved once', async () => {
  const offsets = new MemoryOffsetStore()
  const harness = await TaskHarness.start(new Numbers(), { offsets })
  const part = (await harness.demand()).parts[0]!
  harness.refuse(part, new ConnectError('TOO_LARGE', 'too large', { kind: 'partition', stage: 'produce' }))
  assert.throws(() => harness.ack(part), /resolved before/)
  harness.ack((await harness.demand()).parts[0]!)
  await harness.stop()
  assert.deepEqual(await offsets.load([PARTITION]), [null])
})

test('an error of the task rejects the demand and the stop', async () => {
  class Broken extends SourceTask {
    async start(): Promise<void> {
      await Promise.resolve()
    }
    batches = pollWith(async () => {
      throw new Error('broken')
    })
  }
  const harness = await TaskHarness.start(new Broken())
  await assert.rejects(harness.demand(), /broken/)
  await assert.rejects(harness.stop(), /broken/)
})

/** Answers as many demands as the test has put batches into it, and notes what it is told. */
class Scripted extends SourceTask {
  readonly told: string[] = []
  readonly #script: SourceBatch[]
  readonly #onStart: () => Promise<void>

  constructor(script: readonly SourceBatch[] = [], onStart: () => Promise<void> = () => Promise.resolve()) {
    super()
    this.#script = [...script]
    this.#onStart = onStart
  }

  async start(context: SourceTaskContext): Promise<void> {
    await this.#onStart()
    const [stored] = await context.offsets([PARTITION])
    this.told.push(`started at ${stored?.n}`)
  }

  batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    return demand$.pipe(mergeMap(() => this.#script.splice(0, 1)))
  }

  override acknowledged({ part, topic, count }: SourceAck): void {
    this.told.push(`acked ${part.sourceOffset.n} in ${topic}: ${count}`)
  }

  override async stop(): Promise<void> {
    this.told.push('stopped')
  }
}

const batchOf = (n: number, ...records: SourcePart['records'] & readonly unknown[]): SourceBatch => ({
  parts: [{ sourcePartition: PARTITION, sourceOffset: { n }, records: records as SourcePart['records'] }],
})

test('waits no longer than its limit, and says for what', async () => {
  const harness = await TaskHarness.start(new Scripted([batchOf(0)]), { timeoutMs: 20 })
  const [, second] = await Promise.allSettled([harness.demand(), harness.demand()])
  assert.match(String(second?.status === 'rejected' && second.reason), /did not answer a demand.*waited 20 ms/)
  assert.equal(harness.outstanding, 1)
  await harness.stop()
  const never = new Scripted([], () => new Promise(() => undefined))
  await assert.rejects(TaskHarness.start(never, { timeoutMs: 20 }), /start\(\) did not resolve/)
  class Endless extends Scripted {
    override batches = () => NEVER
  }
  const endless = new Endless()
  await assert.rejects((await TaskHarness.start(endless, { timeoutMs: 20 })).stop(), /did not complete its stream/)
  assert.deepEqual(endless.told, ['started at undefined', 'stopped'])
})

test('a task whose start fails is stopped', async () => {
  const offsets = new TestOffsetStore()
  offsets.failLoads(new Error('no broker'))
  const task = new Scripted()
  await assert.rejects(TaskHarness.start(task, { offsets }), /no broker/)
  assert.deepEqual(task.told, ['stopped'])
})

test('the task is told of acknowledgements in order, whatever the order they come in', async () => {
  const record = connectRecord({ topic: 'numbers', value: 1 })
  const task = new Scripted([batchOf(1, record), batchOf(2), batchOf(3, record, record)])
  const harness = await TaskHarness.start(task)
  const [first, second, third] = await Promise.all([harness.demand(), harness.demand(), harness.demand()])
  harness.ack(third!)
  harness.ack(second!)
  assert.deepEqual(task.told.slice(1), [])
  harness.ack(first!)
  assert.deepEqual(task.told.slice(1), ['acked 1 in numbers: 1', 'acked 2 in : 0', 'acked 3 in numbers: 2'])
  await harness.stop()
})

test('offsets that could not be stored are stored by the next commit, and are where a restart goes on', async () => {
  const offsets = new TestOffsetStore()
  const harness = await TaskHarness.start(new Scripted([batchOf(7)]), { offsets })
  harness.ack(await harness.demand())
  offsets.failSaves(new Error('disk full'))
  await assert.rejects(harness.commit(), /disk full/)
  assert.deepEqual(offsets.entries, [])
  offsets.failSaves(undefined)
  await harness.stop()
  assert.deepEqual(offsets.entries, [[PARTITION, { n: 7 }]])
  const again = new Scripted()
  await (await harness.restart(again)).kill()
  assert.deepEqual(again.told, ['started at 7', 'stopped'])
})

test('a pause ends long polls, and a demand after it is answered as ever', async () => {
  const harness = await TaskHarness.start(new Numbers())
  class Waiting extends SourceTask {
    async start(): Promise<void> {
      await Promise.resolve()
    }
    override batches = pollWith(async ({ signal }) => void (await sleep(60_000, signal)))
  }
  const waiting = await TaskHarness.start(new Waiting())
  const asked = waiting.demand()
  waiting.pause()
  assert.deepEqual(await asked, { parts: [] })
  harness.pause()
  assert.equal(recordsOf(await harness.demand()).length, 2)
  await Promise.all([harness.stop(), waiting.stop()])
})

test('records are read as text or JSON, values as they are', () => {
  const headers = [{ key: 'h', value: Buffer.from('"x"') }]
  const bytes = { topic: 't', key: null, value: Buffer.from('{"a":1}'), headers, timestamp: 5 }
  const common = { topic: 't', partition: null, key: null, timestamp: 5 }
  assert.deepEqual(recordsOf(batchOf(0, bytes)), [{ ...common, value: '{"a":1}', headers: [['h', '"x"']] }])
  assert.deepEqual(recordsOf(batchOf(0, bytes), 'json'), [{ ...common, value: { a: 1 }, headers: [['h', 'x']] }])
  const value = connectRecord({ topic: 't', value: { a: 1n }, timestamp: 5 })
  assert.deepEqual(recordsOf(batchOf(0, value).parts[0]!, 'json'), [{ ...common, value: { a: 1n }, headers: [] }])
})
