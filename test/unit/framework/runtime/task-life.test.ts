import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { deferred } from '../../../../framework/flow/index.ts'
import { TaskLife, type TaskLifeOptions } from '../../../../framework/runtime/task-life.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'
import { ofPartition, until } from './fixtures.ts'

/** A run whose work ends when it is drained, hurried or given up, and then takes `closing` to close. */
function lifeOf({ closing = Promise.resolve(), ...options }: Partial<TaskLifeOptions> & { closing?: Promise<void> } = {}) {
  const logger = new MemoryLogger()
  const calls: string[] = []
  const drained = deferred()
  const call = (name: string) => (): void => {
    calls.push(name)
    drained.resolve()
  }
  const life: TaskLife = new TaskLife({
    taskId: 'c-0',
    logger,
    gracefulTimeoutMs: 10_000,
    closingShare: 0.2,
    work: async () => {
      life.running()
      await drained.promise
    },
    close: () => life.step('closing', () => closing),
    drain: call('drain'),
    hurry: call('hurry'),
    giveUp: call('giveUp'),
    onFailure: error => life.fail(error),
    spanOf: () => undefined,
    ...options,
  })
  return { life, logger, calls }
}

function mockTimers(after: (reset: () => void) => void): void {
  after(() => mock.timers.reset())
  mock.timers.enable({ apis: ['setTimeout'] })
}

test('a stop that is given less time shortens the budget of the stop under way; one given more does not lengthen it', async context => {
  mockTimers(reset => context.after(reset))
  const { life, calls } = lifeOf({ closing: new Promise(() => undefined) })
  const ran = life.run()
  await until(() => life.lifecycle.is('RUNNING'))
  const stops = [life.stop(10_000), life.stop(100), life.stop(60_000)]
  mock.timers.tick(99)
  assert.ok(!calls.includes('giveUp'))
  mock.timers.tick(1)
  await Promise.all([...stops, ran])
  assert.deepEqual(calls, ['drain', 'drain', 'drain', 'hurry', 'giveUp'])
  assert.equal(life.lifecycle.state, 'STOPPED')
})

test('an end that nobody asked for has the graceful timeout for closing', async context => {
  mockTimers(reset => context.after(reset))
  const { life, calls } = lifeOf({ work: async () => undefined, closing: new Promise(() => undefined) })
  const ran = life.run()
  await until(() => life.remainingMs < Number.POSITIVE_INFINITY)
  mock.timers.tick(10_000)
  assert.equal(await ran, undefined)
  assert.deepEqual(calls, ['hurry', 'giveUp'])
})

test('the first error ends the run, each further one is logged, none twice', async () => {
  const [first, second] = [ofPartition('first'), ofPartition('second')]
  const { life, logger } = lifeOf({
    work: async () => {
      life.fail(first)
      life.fail(second)
      throw first
    },
  })
  assert.equal(await life.run(), first)
  assert.equal(life.lifecycle.state, 'FAILED')
  assert.deepEqual(
    logger.lines.map(({ level, message }) => `${level}: ${message}`),
    ['error: Task c-0 failed: first', 'warn: Task c-0 met a further error while it was stopping: second'],
  )
})

test('a run that was stopped before it began does not begin', async () => {
  const { life, calls } = lifeOf()
  await life.stop()
  assert.equal(await life.run(), undefined)
  assert.deepEqual([life.lifecycle.state, calls], ['STOPPED', []])
})
