import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLOCK, type Clock, CONFIG, LOGGER, type Logger, pollWith, SourceTask, type Token } from '../../../../framework/index.ts'
import { FakeClock, MemoryLogger, recordsOf, TaskHarness, testInjector } from '../../../../framework/testing/index.ts'

/** What the hour is, each hour. */
class Hours extends SourceTask {
  static readonly inject = [CLOCK, LOGGER]
  readonly #clock: Clock
  readonly #logger: Logger

  constructor(clock: Clock, logger: Logger) {
    super()
    this.#clock = clock
    this.#logger = logger
  }

  async start(): Promise<void> {
    this.#logger.info({}, 'ticking')
  }

  override batches = pollWith(async ({ signal }) => {
    await this.#clock.sleep(3_600_000, signal)
    const value = Buffer.from(new Date(this.#clock.now()).toISOString())
    const record = { topic: 'hours', key: null, value, headers: [], timestamp: this.#clock.now() }
    return [{ sourcePartition: { of: 'hours' }, sourceOffset: { at: this.#clock.now() }, records: [record] }]
  })
}

test('a task with an injected clock is tested without waiting', async () => {
  const [clock, logger] = [new FakeClock(), new MemoryLogger()]
  const harness = await TaskHarness.start(testInjector({ clock, logger }).construct(Hours))
  const asked = harness.demand()
  await clock.whenPending(1)
  await clock.advance(3_600_000)
  assert.deepEqual(
    recordsOf(await asked).map(({ value }) => value),
    ['1970-01-01T01:00:00.000Z'],
  )
  assert.deepEqual(
    logger.lines.map(({ message }) => message),
    ['ticking'],
  )
  await harness.stop()
})

test('what nobody gave is named, as is a class that names too little', () => {
  assert.throws(() => testInjector().construct(Hours), /Nothing provides Clock/)
  class Forgetful {
    static readonly inject = [CONFIG]
    constructor(one: object, other: object) {
      assert.ok(one && other)
    }
  }
  assert.throws(() => testInjector().construct(Forgetful), /Forgetful takes 2 arguments, its static list inject names 1/)
})

test('services of one’s own are made once, when they are first asked for; a child sees them, and keeps its own', () => {
  const STORE = Symbol('Store') as Token<{ readonly id: number }>
  let made = 0
  const injector = testInjector()
  injector.provide(STORE, () => ({ id: ++made }))
  assert.equal(made, 0)
  const child = injector.child()
  assert.equal(child.resolve(STORE), injector.resolve(STORE))
  child.provide(STORE, () => ({ id: 100 }))
  assert.deepEqual([child.resolve(STORE).id, injector.resolve(STORE).id, made], [100, 1, 1])
  assert.deepEqual([child.has(LOGGER), injector.has(CLOCK)], [true, false])
})
