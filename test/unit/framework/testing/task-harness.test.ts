import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, pollWith, SourceTask, type SourceTaskContext } from '../../../../framework/index.ts'
import { MemoryOffsetStore, TaskHarness } from '../../../../framework/testing/index.ts'

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
