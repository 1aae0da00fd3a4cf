import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observable } from 'rxjs'
import type { Demand, SourceBatch, SourceTask, SourceTaskContext } from '../../../../framework/api/index.ts'
import { deferred } from '../../../../framework/flow/index.ts'
import { PartitionRegistry, SourceTaskHost, type TaskServices } from '../../../../framework/runtime/index.ts'
import { encodeInMemory, MemoryLogger, MemoryOffsetStore, MemoryPartWriter } from '../../../../framework/testing/index.ts'
import { CountingTask, ManualTask, ofPartition, partOf, settings, source, until } from './fixtures.ts'

const a = source('a')

function hostOf(task: SourceTask, options: Partial<TaskServices> & { mode?: 'auto' | 'manual'; store?: MemoryOffsetStore } = {}) {
  const writer = new MemoryPartWriter({ mode: options.mode ?? 'auto' })
  const store = options.store ?? new MemoryOffsetStore()
  const logger = new MemoryLogger()
  const registry = new PartitionRegistry()
  const services: TaskServices = {
    offsetStore: store,
    createWriter: async () => writer,
    encodeRecords: encodeInMemory,
    settings,
    ...options,
  }
  const host = new SourceTaskHost({
    taskId: 'c-0',
    config: { key: 'value' },
    createTask: () => task,
    services,
    partitions: registry.view('c-0'),
    logger,
  })
  const states: string[] = []
  host.lifecycle.state$.subscribe(state => states.push(state))
  return { host, writer, store, logger, states, registry }
}

test('start, run, drain, last commit, stop: in this order, and nothing is lost', async () => {
  const task = new CountingTask(['a', 'b'], 100)
  const { host, store, writer, states } = hostOf(task, { settings: { ...settings, flushIntervalMs: 60_000 } })
  const ran = host.run()
  await until(() => task.acks.length > 50)
  await host.stop()
  assert.equal(await ran, undefined)
  const stored = await store.load([a, source('b')])
  assert.deepEqual(
    stored.map(offset => Number(offset?.offset) + 1),
    [writer.written('a', 0).length, writer.written('b', 0).length],
  )
  assert.equal(writer.pending, 0)
  assert.ok(writer.closed)
  assert.deepEqual(states, ['CREATED', 'STARTING', 'RUNNING', 'DRAINING', 'STOPPED'])
})

test('a later run goes on where the earlier one stopped: nothing twice, nothing missing', async () => {
  const store = new MemoryOffsetStore()
  const written: number[] = []
  for (let run = 0; run < 4; run++) {
    const task = new CountingTask(['a'], 200)
    const { host, writer } = hostOf(task, { store })
    const ran = host.run()
    await until(() => task.acks.length >= 20)
    await host.stop()
    await ran
    written.push(...task.acks.map(ack => Number(ack.part.sourceOffset.offset)))
    assert.equal(writer.written('a', 0).length, task.acks.length)
  }
  assert.deepEqual(
    written,
    Array.from({ length: written.length }, (_, i) => i),
  )
})

test('an unexpected error: what was sent is committed, the task is stopped, the run ends FAILED with it', async () => {
  const task = new ManualTask()
  const { host, store, states, logger } = hostOf(task, { mode: 'auto' })
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(partOf(a, 0), partOf(a, 1))
  task.batch$.error(new Error('source broken'))
  const error = await ran
  assert.match(error?.message ?? '', /source broken/)
  assert.deepEqual(await store.load([a]), [{ offset: 1 }])
  assert.equal(task.stopped, 1)
  assert.equal(states.at(-1), 'FAILED')
  assert.equal(logger.lines.filter(line => line.level === 'error').length, 1)
})

test('later errors are logged, the first one counts', async () => {
  const task = new (class extends ManualTask {
    override async stop(): Promise<void> {
      throw new Error('third')
    }
    override acknowledged(): void {
      throw new Error('second')
    }
  })()
  const { host, logger } = hostOf(task)
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(partOf(a, 0))
  task.batch$.error(new Error('first'))
  assert.match((await ran)?.message ?? '', /first/)
  const warnings = logger.lines.filter(line => line.level === 'warn').map(line => line.message)
  assert.ok(warnings.some(message => /second/.test(message)))
  assert.ok(warnings.some(message => /stop\(\) failed/.test(message)))
})

test('a failed start is followed by stop, and closes the writer', async () => {
  const task = new (class extends ManualTask {
    override async start(): Promise<void> {
      throw new Error('cannot start')
    }
  })()
  const { host, writer } = hostOf(task)
  assert.match((await host.run())?.message ?? '', /c-0 failed \(start\): cannot start/)
  assert.equal(task.stopped, 1)
  assert.ok(writer.closed)
})

test('a task that cannot be created and a writer that cannot be made fail the run', async () => {
  const broken = () => {
    throw new Error('no class')
  }
  const { logger, store, writer } = hostOf(new ManualTask())
  const services: TaskServices = { offsetStore: store, createWriter: async () => writer, encodeRecords: encodeInMemory, settings }
  const partitions = new PartitionRegistry().view('c-0')
  const host = new SourceTaskHost({ taskId: 'c-0', config: {}, createTask: broken, services, partitions, logger })
  assert.match((await host.run())?.message ?? '', /no class/)
  const noWriter = async () => {
    throw new Error('no producer id')
  }
  assert.match((await hostOf(new ManualTask(), { createWriter: noWriter }).host.run())?.message ?? '', /no producer id/)
})

test('parts that are never acknowledged: the drain ends within the budget, what was acknowledged is committed', async () => {
  const task = new ManualTask()
  const { host, writer, store, logger } = hostOf(task, { mode: 'manual', settings: { ...settings, flushIntervalMs: 60_000 } })
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(partOf(a, 0), partOf(a, 1), partOf(a, 2))
  writer.ack('a', 0)
  const startMs = performance.now()
  await host.stop(100)
  assert.equal(await ran, undefined)
  assert.ok(performance.now() - startMs < 300)
  assert.deepEqual(await store.load([a]), [{ offset: 0 }])
  assert.ok(logger.lines.some(line => /stops with 2 unacknowledged parts/.test(line.message)))
})

test('stopNow waits for nothing: neither acknowledgements nor a stop() that hangs', async () => {
  const task = new (class extends ManualTask {
    override async stop(): Promise<void> {
      await new Promise(() => undefined)
    }
  })()
  const { host } = hostOf(task, { mode: 'manual' })
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(partOf(a, 0))
  const stopped = host.stop(60_000)
  host.stopNow()
  await stopped
  assert.equal(await ran, undefined)
  assert.ok(task.context?.signal.aborted)
  assert.equal(task.batch$.observed, false)
})

test('the signal of the demand aborts when draining, that of the context only when stopping now', async () => {
  const gate = deferred()
  const task = new (class extends ManualTask {
    override onDemandComplete(): void {
      void gate.promise.then(() => this.batch$.complete())
    }
  })()
  const { host } = hostOf(task)
  const ran = host.run()
  await until(() => task.demands.length > 0)
  const stopped = host.stop()
  assert.equal(task.demands[0]?.signal.aborted, true)
  assert.equal(task.context?.signal.aborted, false)
  gate.resolve()
  await stopped
  await ran
})

test('stopped while starting: it never runs, and is stopped', async () => {
  const gate = deferred()
  const task = new (class extends ManualTask {
    override async start(context: SourceTaskContext): Promise<void> {
      await super.start(context)
      await gate.promise
    }
  })()
  const { host, states } = hostOf(task)
  const ran = host.run()
  await until(() => task.context !== undefined)
  const stopped = host.stop()
  gate.resolve()
  await stopped
  assert.equal(await ran, undefined)
  assert.equal(task.stopped, 1)
  assert.equal(task.demands.length, 0)
  assert.deepEqual(states, ['CREATED', 'STARTING', 'DRAINING', 'STOPPED'])
})

test('a start() that hangs is left behind at the end of the budget', async () => {
  const task = new (class extends ManualTask {
    override async start(context: SourceTaskContext): Promise<void> {
      await super.start(context)
      await new Promise(() => undefined)
    }
  })()
  const { host } = hostOf(task)
  const ran = host.run()
  await until(() => task.context !== undefined)
  await host.stop(30)
  assert.equal(await ran, undefined)
  assert.ok(task.context?.signal.aborted)
})

test('a source that ends by itself is drained, committed and stopped', async () => {
  const task = new ManualTask()
  const { host, store } = hostOf(task)
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(partOf(a, 3))
  task.batch$.complete()
  assert.equal(await ran, undefined)
  assert.deepEqual(await store.load([a]), [{ offset: 3 }])
})

test('the context gives configuration, stored offsets, and takes failures of partitions, also during start', async () => {
  const store = new MemoryOffsetStore()
  await store.save([[a, { offset: 41 }]])
  let seen: unknown
  const task = new (class extends ManualTask {
    override async start(context: SourceTaskContext): Promise<void> {
      seen = [context.taskId, context.config.key, await context.offsets([source('x'), a])]
      context.partitionFailed(a, ofPartition('truncated'))
    }
    override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
      return super.batches(demand$)
    }
  })()
  const { host, writer, registry, logger } = hostOf(task, { store })
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(partOf(a, 42), partOf(source('b'), 0))
  await host.stop()
  await ran
  assert.deepEqual(seen, ['c-0', 'value', [null, { offset: 41 }]])
  assert.equal(writer.written('a', 0).length, 0)
  assert.equal(writer.written('b', 0).length, 1)
  assert.equal(registry.ownedBy('c-0')[0]?.state, 'FAILED')
  assert.ok(logger.lines.some(line => line.level === 'error' && /truncated/.test(line.message)))
})

test('paused, a task ends its long polls, is asked for nothing more and finishes what is on its way; resumed, it goes on', async () => {
  const task = new ManualTask()
  const { host } = hostOf(task)
  host.pause()
  const ran = host.run()
  await until(() => host.lifecycle.state === 'RUNNING')
  await new Promise(setImmediate)
  assert.equal(task.demands.length, 0)
  host.resume()
  await until(() => task.demands.length === 4)
  assert.ok(task.demands.every(({ signal }) => !signal.aborted))
  host.pause()
  assert.ok(task.demands.every(({ signal }) => signal.aborted))
  task.emit(partOf(a, 0))
  for (let i = 0; i < 3; i++) task.emit()
  await until(() => task.acks.length === 1)
  await new Promise(setImmediate)
  assert.equal(task.demands.length, 4)
  host.resume()
  await until(() => task.demands.length === 8)
  assert.ok(!task.demands.at(-1)!.signal.aborted)
  await host.stop()
  assert.equal(await ran, undefined)
})
