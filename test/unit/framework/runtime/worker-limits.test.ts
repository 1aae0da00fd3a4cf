import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectorContext, SourceConnector, SourceTask, SourceTaskContext } from '../../../../framework/api/index.ts'
import { deferred } from '../../../../framework/flow/index.ts'
import type { WorkerStatus } from '../../../../framework/runtime/index.ts'
import { fatal, ManualTask, ofPartition, partOf, source, until } from './fixtures.ts'
import { connectorState, ManualConnector, taskStates, workerOf } from './worker-fixtures.ts'

const never = { max: 0, withinMs: 60_000, initialDelayMs: 1, maxDelayMs: 1 }
const hanging = () => workerOf({ restart: never, connectorTimeoutMs: 500 })
const errorOf = (status: WorkerStatus, name = 'c') => status.connectors.find(one => one.name === name)?.error

/** As somebody without types may write it. */
const broken = (made: unknown): SourceConnector => made as SourceConnector

test('a start that never returns fails its connector after the limit, by name; others run, and it can be restarted', async () => {
  const gate = deferred()
  const first = new (class extends ManualConnector {
    override async start(): Promise<void> {
      await gate.promise
    }
  })()
  const made: SourceConnector[] = [first, new ManualConnector()]
  const { worker, start, logger } = hanging()
  const other = new ManualConnector()
  const started = start(first, 'c', 4, { createConnector: () => made.shift()! })
  await start(other, 'other')
  await started
  assert.equal(connectorState(worker), 'FAILED')
  assert.equal(errorOf(worker.status())?.code, 'CONNECTOR_TIMEOUT')
  assert.match(errorOf(worker.status())?.message ?? '', /^start\(\) of connector c has not returned for 500 ms/)
  assert.ok(logger.lines.some(({ level, message }) => level === 'error' && message.includes('start() of connector c has not')))
  await until(() => taskStates(worker).includes('RUNNING'), 'the other one runs')
  assert.equal(first.stopped, 0, 'never two calls at a time')
  await worker.restartConnector('c')
  assert.equal(connectorState(worker), 'RUNNING')
  gate.resolve()
  await until(() => first.stopped === 1, 'what hung is stopped once it has returned')
  await worker.stop()
})

test('a start that waits is told that its connector is to stop, and is stopped once it has returned', async () => {
  for (const stop of ['stop', 'stopNow'] as const) {
    const [called, ended] = [deferred(), deferred()]
    const waiting = new (class extends ManualConnector {
      override async start(context: ConnectorContext): Promise<void> {
        called.resolve()
        await new Promise(resolve => context.signal.addEventListener('abort', resolve))
        ended.resolve()
      }
    })()
    const { worker, start } = workerOf({ connectorTimeoutMs: 60_000 })
    const started = start(waiting).catch((error: unknown) => error)
    await called.promise
    await worker[stop]()
    await ended.promise
    await until(() => waiting.stopped === 1, 'it is stopped')
    await started
  }
})

test('taskConfigs that never return leave the tasks running, and pause and stop do not wait for them', async () => {
  const { worker, start } = workerOf({ connectorTimeoutMs: 60_000 })
  const connector = new ManualConnector()
  await start(connector)
  await until(() => taskStates(worker)[0] === 'RUNNING')
  const gate = deferred<never>()
  connector.taskConfigs = () => gate.promise
  connector.context.requestTaskReconfiguration()
  await new Promise(setImmediate)
  const startMs = performance.now()
  await worker.pauseConnector('c')
  assert.equal(connectorState(worker), 'PAUSED')
  assert.deepEqual(taskStates(worker), ['PAUSED'])
  assert.ok(performance.now() - startMs < 1_000)
  await worker.stop()
  assert.deepEqual(taskStates(worker), ['STOPPED'])
})

test('taskConfigs over the limit fail the connector, whose tasks go on', async () => {
  const { worker, start } = hanging()
  const connector = new ManualConnector()
  await start(connector)
  connector.taskConfigs = () => deferred<never>().promise
  connector.context.requestTaskReconfiguration()
  await until(() => connectorState(worker) === 'FAILED')
  assert.match(errorOf(worker.status())?.message ?? '', /^taskConfigs\(\) of connector c has not returned/)
  assert.deepEqual(taskStates(worker), ['RUNNING'])
  worker.stopNow()
  await worker.stop()
})

test('a stop that never returns: its tasks are paused, the connector is FAILED by name, the worker stops within its time', async () => {
  const { worker, start, logger } = workerOf({ restart: never, connectorTimeoutMs: 500, gracefulTimeoutMs: 100 })
  const connector = new (class extends ManualConnector {
    override async stop(): Promise<void> {
      await deferred().promise
    }
  })()
  await start(connector)
  await until(() => taskStates(worker)[0] === 'RUNNING')
  await assert.rejects(worker.pauseConnector('c'), /^ConnectError: stop\(\) of connector c has not returned for 500 ms/)
  assert.equal(connectorState(worker), 'FAILED')
  assert.deepEqual(taskStates(worker), ['PAUSED'])
  await worker.stop()
  assert.ok(logger.lines.some(({ message }) => /Connector c is left behind: its stop\(\) has not returned/.test(message)))
})

test('what a connector or task should not be is named, and hurts nobody else', async t => {
  const cases: readonly (readonly [string, (connector: ManualConnector) => unknown, RegExp])[] = [
    ['nothing', () => undefined, /Connector c is no connector: it is undefined/],
    ['something else', () => ({ start: async () => undefined }), /is no connector: it has no taskConfigs\(\), no createTask\(\)/],
    ['a promise', async () => 0, /is no connector: it is a promise/],
    ['no definition', one => Object.assign(one, { definition: undefined }), /Connector c has no definition/],
    ['no list', one => Object.assign(one, { configs: { of: 'a' } }), /made no list of task configurations but an object/],
    ['no object', one => Object.assign(one, { configs: ['a'] }), /made a string of the configuration of task 0/],
    ['a number', one => Object.assign(one, { configs: [{ of: 1 }] }), /configuration of task 0 in which of is a number/],
  ]
  for (const [what, make, said] of cases) {
    await t.test(what, async () => {
      const { worker, start } = workerOf({ restart: never })
      const connector = new ManualConnector()
      await start(connector, 'c', 4, { createConnector: () => broken(make(connector)) })
      await start(new ManualConnector(), 'other')
      assert.equal(errorOf(worker.status())?.code, 'CONTRACT_BROKEN')
      assert.match(errorOf(worker.status())?.message ?? '', said)
      await until(() => taskStates(worker).includes('RUNNING'))
      assert.equal(worker.health().state, 'DEGRADED')
      await worker.stop()
    })
  }
})

test('a constructor that throws fails what it was to make: connector or task', async () => {
  const { worker, start } = workerOf({ restart: never })
  const thrown = () => {
    throw new Error('no such driver')
  }
  await start(new ManualConnector(), 'c', 4, { createConnector: thrown })
  assert.match(errorOf(worker.status())?.message ?? '', /Connector c failed \(start\): no such driver/)
  const connector = new ManualConnector()
  connector.createTask = thrown
  await start(connector, 'tasks')
  await until(() => taskStates(worker)[0] === 'FAILED')
  assert.equal(connectorState(worker, 'tasks'), 'RUNNING')
  assert.match(worker.status().connectors[1]?.tasks[0]?.error?.message ?? '', /no such driver/)
  await worker.stop()
})

test('createTask that returns no task, and a second batch for one demand, fail the task as the breach of contract that they are', async t => {
  const made: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', undefined, /createTask\(\) returned no task: it is undefined/],
    ['a promise', Promise.resolve(), /it is a promise; return the object itself/],
    ['half a task', { start: async () => undefined }, /it has no batches\(\)/],
  ]
  for (const [what, task, said] of made) {
    await t.test(what, async () => {
      const { worker, start } = workerOf({ restart: never })
      const connector = new ManualConnector()
      connector.createTask = () => task as SourceTask
      await start(connector)
      await until(() => taskStates(worker)[0] === 'FAILED')
      const error = worker.status().connectors[0]?.tasks[0]?.error
      assert.equal(error?.code, 'CONTRACT_BROKEN')
      assert.match(error?.message ?? '', said)
      await worker.stop()
    })
  }
  await t.test('two batches', async () => {
    const { worker, start } = workerOf({ restart: never })
    const connector = new ManualConnector()
    connector.configs = [{ of: 'a' }, { of: 'b' }]
    await start(connector)
    await until(() => connector.tasks.length === 2 && connector.tasks.every(task => task.demands.length === 4))
    for (let i = 0; i < 5; i++) connector.tasks[0]!.emit()
    await until(() => taskStates(worker)[0] === 'FAILED')
    assert.equal(worker.status().connectors[0]?.tasks[0]?.error?.code, 'CONTRACT_BROKEN')
    assert.equal(taskStates(worker)[1], 'RUNNING')
    await worker.stop()
  })
})

test('a task whose stop() never ends is given up after the graceful timeout, and what it says later changes no status', async () => {
  const stops = deferred()
  const context = deferred<SourceTaskContext>()
  const connector = new (class extends ManualConnector {
    override createTask(): SourceTask {
      const task = new ManualTask()
      task.stop = () => stops.promise
      task.start = async given => context.resolve(given)
      this.tasks.push(task)
      return task
    }
  })()
  const { worker, start } = workerOf({ restart: never, taskTimeoutMs: 60, mode: 'manual' })
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  const old = connector.tasks[0]!
  old.emit(partOf(source('a'), 0))
  const startMs = performance.now()
  await worker.restartTask('c', 0)
  assert.ok(performance.now() - startMs < 1_000)
  await until(() => connector.tasks[1]?.demands.length === 4)
  connector.tasks[1]!.emit(partOf(source('a'), 0))
  const seen: string[] = []
  const follow = worker.status$.subscribe(({ connectors }) => {
    seen.push(
      connectors.flatMap(({ tasks }) => tasks.map(task => `${task.state} ${task.partitions.map(one => one.state)}`)).join(),
    )
  })
  ;(await context.promise).partitionFailed(source('a'), ofPartition('late'))
  old.batch$.error(fatal('late'))
  stops.reject(new Error('late'))
  await new Promise(resolve => setTimeout(resolve, 150))
  follow.unsubscribe()
  assert.deepEqual([...new Set(seen)], ['RUNNING STARTING'])
  await worker.stop()
})
