import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../../framework/testing/index.ts'

/** Sleeps one time after the other, and notes when it woke. */
async function naps(clock: FakeClock, name: string, told: string[], ...lengths: readonly number[]): Promise<void> {
  for (const ms of lengths) {
    await clock.sleep(ms)
    told.push(`${name}@${clock.now()}`)
  }
}

test('time stands still until it is moved', async () => {
  const clock = new FakeClock(1_000)
  const told: string[] = []
  void naps(clock, 'a', told, 10)
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual([clock.now(), clock.pending, told], [1_000, 1, []])
  await clock.advance(9)
  assert.deepEqual([clock.now(), told], [1_009, []])
  await clock.advance(1)
  assert.deepEqual([clock.now(), clock.pending, told], [1_010, 0, ['a@1010']])
})

test('sleepers wake in the order of time, at the time that they asked for, and may sleep again within the same advance', async () => {
  const clock = new FakeClock()
  const told: string[] = []
  void naps(clock, 'late', told, 30)
  void naps(clock, 'often', told, 10, 10, 10, 10)
  void naps(clock, 'same', told, 10)
  await clock.advance(35)
  assert.deepEqual(told, ['often@10', 'same@10', 'often@20', 'late@30', 'often@30'])
  assert.deepEqual([clock.now(), clock.pending], [35, 1])
})

test('a signal wakes before the time, one that is aborted lets nobody sleep', async () => {
  const clock = new FakeClock()
  const abort = new AbortController()
  const asleep = clock.sleep(60_000, abort.signal)
  assert.equal(clock.pending, 1)
  abort.abort()
  await asleep
  await clock.sleep(60_000, abort.signal)
  assert.deepEqual([clock.now(), clock.pending], [0, 0])
})

test('runAll goes on until nobody sleeps, and gives up on who always sleeps again', async () => {
  const clock = new FakeClock()
  const told: string[] = []
  void naps(clock, 'a', told, 5, 3_600_000)
  await clock.runAll()
  assert.deepEqual([told, clock.pending], [['a@5', 'a@3600005'], 0])
  const stop = new AbortController()
  const forever = async (): Promise<void> => {
    while (!stop.signal.aborted) await clock.sleep(1, stop.signal)
  }
  const running = forever()
  await assert.rejects(clock.runAll(), /sleeps again each time it wakes/)
  stop.abort()
  await running
})

test('whenPending waits for a sleep that is still to come, and says how many there are', async () => {
  const clock = new FakeClock()
  setTimeout(() => void clock.sleep(10), 5)
  await clock.whenPending(1)
  assert.equal(clock.pending, 1)
  await assert.rejects(clock.whenPending(2, 20), /Only 1 of 2 sleep on the clock/)
  await clock.runAll()
})
