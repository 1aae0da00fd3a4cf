import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectorContext, SourceTask } from '../../../../framework/api/index.ts'
import { deferred } from '../../../../framework/flow/index.ts'
import { CountingTask, fatal, ofPartition, partOf, source, until } from './fixtures.ts'
import { connectorState, ManualConnector, taskStates, workerOf } from './worker-fixtures.ts'

const codeOf = (code: string) => (error: { readonly code?: string }) => error.code === code

test('a paused connector is stopped, its tasks demand nothing and keep their places; resumed, the same tasks go on', async () => {
  const { worker, start, store } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  const task = connector.tasks[0]!
  await worker.pauseConnector('c')
  assert.equal(connectorState(worker), 'PAUSED')
  assert.deepEqual(taskStates(worker), ['PAUSED'])
  assert.equal(connector.stopped, 1)
  task.emit(partOf(source('a'), 7))
  await until(() => task.acks.length === 1, 'what was demanded before is still written')
  while ((await store.load([source('a')]))[0] === null) await new Promise(setImmediate)
  assert.equal(task.demands.length, 4)
  await worker.resumeConnector('c')
  assert.equal(connectorState(worker), 'RUNNING')
  await until(() => task.demands.length === 5, 'a further demand')
  assert.deepEqual(taskStates(worker), ['RUNNING'])
  assert.equal(connector.tasks.length, 1)
  assert.deepEqual(connector.calls, ['start', 'taskConfigs', 'start', 'taskConfigs'])
  await worker.stop()
  assert.equal(connector.stopped, 2)
})

test('paused and resumed again and again, counting tasks lose nothing and repeat nothing', async () => {
  const { worker, start, store, writers } = workerOf()
  const connector = new (class extends ManualConnector {
    override createTask(): SourceTask {
      return new CountingTask(['a', 'b'], 3_000)
    }
  })()
  await start(connector)
  for (let i = 0; i < 20; i++) {
    await worker.pauseConnector('c')
    await worker.resumeConnector('c')
  }
  const done = async () => (await store.load([source('a'), source('b')])).every(offset => offset?.offset === 2_999)
  while (!(await done())) await new Promise(setImmediate)
  await worker.stop()
  assert.equal(writers.length, 1)
  assert.deepEqual([writers[0]!.written('a', 0).length, writers[0]!.written('b', 0).length], [3_000, 3_000])
})

test('a stopped connector has no tasks, and new ones once it is resumed', async () => {
  const { worker, start, store } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  connector.tasks[0]!.emit(partOf(source('a'), 3))
  await worker.suspendConnector('c')
  assert.equal(connectorState(worker), 'STOPPED')
  assert.deepEqual(taskStates(worker), [])
  assert.deepEqual([connector.stopped, connector.tasks[0]!.stopped], [1, 1])
  assert.deepEqual(await store.load([source('a')]), [{ offset: 3 }], 'the last commit came first')
  connector.configs = [{ of: 'a' }, { of: 'b' }]
  await worker.resumeConnector('c')
  await until(() => taskStates(worker).length === 2 && taskStates(worker).every(state => state === 'RUNNING'))
  assert.equal(connector.tasks.length, 3)
  await worker.stop()
})

test('a connector can begin paused or stopped: nothing of it is started before it is resumed', async () => {
  for (const initialState of ['PAUSED', 'STOPPED'] as const) {
    const { worker, start } = workerOf()
    const connector = new ManualConnector()
    await start(connector, 'c', 4, { initialState })
    assert.equal(connectorState(worker), initialState)
    assert.deepEqual(connector.calls, [])
    await worker.resumeConnector('c')
    await until(() => taskStates(worker)[0] === 'RUNNING')
    await worker.stop()
  }
})

test('a task that comes while its connector is paused waits, as does the next run of one that has failed', async () => {
  const { worker, start } = workerOf({ restart: { max: 1, withinMs: 60_000, initialDelayMs: 20, maxDelayMs: 20 } })
  const connector = new ManualConnector()
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  connector.tasks[0]!.batch$.error(fatal('broken'))
  await until(() => taskStates(worker)[0] === 'RESTARTING')
  await worker.pauseConnector('c')
  await until(() => taskStates(worker)[0] === 'PAUSED')
  assert.equal(connector.tasks.length, 1)
  await worker.resumeConnector('c')
  await until(() => taskStates(worker)[0] === 'RUNNING')
  assert.equal(connector.tasks.length, 2)
  assert.equal(worker.status().connectors[0]?.tasks[0]?.lastFailure?.error.message, 'broken')
  await worker.stop()
})

test('changes come one after the other: a newer one replaces one that is not begun, and its caller is told', async () => {
  const gate = deferred()
  const connector = new (class extends ManualConnector {
    override async stop(): Promise<void> {
      await super.stop()
      if (this.stopped === 1) await gate.promise
    }
  })()
  const { worker, start } = workerOf()
  await start(connector)
  const paused = worker.pauseConnector('c')
  await until(() => connector.stopped === 1)
  const both = [worker.pauseConnector('c'), worker.pauseConnector('c')]
  const replaced = assert.rejects(Promise.all(both), codeOf('SUPERSEDED'))
  const stopped = worker.suspendConnector('c')
  await replaced
  await assert.rejects(paused, codeOf('INTERRUPTED'))
  await stopped
  assert.equal(connectorState(worker), 'STOPPED')
  gate.resolve()
  await worker.stop()
})

test('resumed while its tasks are still stopping, a connector has new ones once they have stopped', async () => {
  const gate = deferred()
  const connector = new (class extends ManualConnector {
    override async stop(): Promise<void> {
      await super.stop()
      if (this.stopped === 1) await gate.promise
    }
  })()
  const { worker, start } = workerOf()
  await start(connector)
  await until(() => taskStates(worker)[0] === 'RUNNING')
  const old = connector.tasks[0]!
  const oldStops = deferred()
  old.stop = () => oldStops.promise
  const stopping = assert.rejects(worker.suspendConnector('c'), codeOf('INTERRUPTED'))
  await until(() => connector.stopped === 1 && taskStates(worker)[0] === 'DRAINING')
  const resuming = worker.resumeConnector('c')
  await stopping
  await until(() => connector.calls.length === 4)
  for (let i = 0; i < 5; i++) await new Promise(setImmediate)
  oldStops.resolve()
  await resuming
  await until(() => taskStates(worker)[0] === 'RUNNING')
  assert.equal(connector.tasks.length, 2)
  assert.deepEqual(connector.tasks[1]!.context?.taskId, 'c-0')
  gate.resolve()
  await worker.stop()
})

test('a connector that has failed takes no other change than a stop; its tasks follow all the same', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  await until(() => taskStates(worker)[0] === 'RUNNING')
  connector.context.raiseError(ofPartition('cannot list topics'))
  await assert.rejects(worker.pauseConnector('c'), /Cannot transition connector c to PAUSED since it has failed: cannot list/)
  assert.equal(connectorState(worker), 'FAILED')
  assert.deepEqual(taskStates(worker), ['PAUSED'])
  await assert.rejects(worker.resumeConnector('c'), codeOf('CONNECTOR_FAILED'))
  assert.deepEqual(taskStates(worker), ['RUNNING'])
  await worker.suspendConnector('c')
  assert.equal(connectorState(worker), 'STOPPED')
  assert.equal(worker.status().connectors[0]?.error, undefined)
  await worker.resumeConnector('c')
  assert.equal(connectorState(worker), 'RUNNING')
  await worker.stop()
})

test('what a connector asks for after it was stopped has no effect', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  const old: ConnectorContext = connector.context
  await worker.pauseConnector('c')
  old.requestTaskReconfiguration()
  old.raiseError(fatal('late'))
  await new Promise(setImmediate)
  assert.equal(connectorState(worker), 'PAUSED')
  assert.deepEqual(connector.calls, ['start', 'taskConfigs'])
  await worker.resumeConnector('c')
  old.raiseError(fatal('late'))
  assert.equal(connectorState(worker), 'RUNNING')
  await worker.stop()
})

test('one that is being stopped or is not there is refused by code', async () => {
  const { worker, start } = workerOf()
  await start(new ManualConnector())
  for (const call of [worker.pauseConnector('x'), worker.restartConnector('x'), worker.restartTask('x', 0)]) {
    await assert.rejects(call, codeOf('CONNECTOR_UNKNOWN'))
  }
  assert.throws(() => worker.describe('x'), codeOf('CONNECTOR_UNKNOWN'))
  await assert.rejects(worker.restartTask('c', 1), /Connector c has no task 1: it has 1 at present/)
  const queued = [worker.pauseConnector('c'), worker.suspendConnector('c')]
  const refused = queued.map(call => assert.rejects(call, /SUPERSEDED|is being stopped|to become|not waited/))
  await Promise.all([worker.stop(), ...refused])
  await assert.rejects(worker.resumeConnector('c'), codeOf('CONNECTOR_STOPPING'))
})
