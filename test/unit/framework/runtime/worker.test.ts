import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstValueFrom } from 'rxjs'
import { filter } from 'rxjs/operators'
import type { ConnectorContext, SourceTask } from '../../../../framework/api/index.ts'
import { deferred } from '../../../../framework/flow/index.ts'
import { CountingTask, ofPartition, partOf, source, until } from './fixtures.ts'
import { ManualConnector, taskStates, workerOf } from './worker-fixtures.ts'

test('runs a connector with its tasks, tells their status, and stops them', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  connector.configs = [{ of: 'a' }, { of: 'b' }]
  await start(connector)
  await until(() => taskStates(worker).every(state => state === 'RUNNING'))
  const [status] = worker.status().connectors
  assert.equal(status?.state, 'RUNNING')
  assert.deepEqual(
    status?.tasks.map(task => task.taskId),
    ['c-0', 'c-1'],
  )
  assert.deepEqual(
    connector.tasks.map(task => task.context?.config),
    connector.configs,
  )
  await worker.stop()
  assert.deepEqual(taskStates(worker), ['STOPPED', 'STOPPED'])
  assert.equal(worker.status().connectors[0]?.state, 'STOPPED')
  assert.deepEqual([connector.stopped, ...connector.tasks.map(task => task.stopped)], [1, 1, 1])
})

test('reconfiguration restarts only the tasks whose configuration changed, commits first, and is coalesced', async () => {
  const { worker, start, store } = workerOf()
  const connector = new ManualConnector()
  connector.configs = [{ of: 'a' }, { of: 'b' }]
  await start(connector)
  await until(() => connector.tasks.length === 2 && connector.tasks.every(task => task.demands.length > 0))
  connector.tasks[1]!.emit(partOf(source('b'), 5))
  connector.configs = [{ of: 'a' }, { of: 'b,c' }, { of: 'd' }]
  for (let i = 0; i < 10; i++) connector.context.requestTaskReconfiguration()
  await until(() => connector.tasks.length === 4 && connector.tasks.every(task => task.demands.length > 0))
  assert.deepEqual(
    connector.tasks.map(task => [task.context?.config.of, task.stopped]),
    [
      ['a', 0],
      ['b', 1],
      ['b,c', 0],
      ['d', 0],
    ],
  )
  assert.deepEqual(await store.load([source('b')]), [{ offset: 5 }])
  assert.ok(connector.calls.length <= 4, connector.calls.join())
  connector.configs = [{ of: 'a' }]
  connector.context.requestTaskReconfiguration()
  await until(() => taskStates(worker).length === 1)
  assert.deepEqual(
    connector.tasks.map(task => task.stopped),
    [0, 1, 1, 1],
  )
  await worker.stop()
})

test('a request made while the tasks are being computed is not lost', async () => {
  const connector = new (class extends ManualConnector {
    override async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
      const configs = await super.taskConfigs()
      if (this.calls.length < 5) this.context.requestTaskReconfiguration()
      return configs
    }
  })()
  const { worker, start } = workerOf()
  await start(connector)
  assert.deepEqual(connector.calls, ['start', 'taskConfigs', 'taskConfigs', 'taskConfigs', 'taskConfigs'])
  await worker.stop()
})

test('nor one made at any instant around the end of a reconfiguration', async () => {
  for (let delay = 0; delay < 15; delay++) {
    const { worker, start } = workerOf()
    const connector = new (class extends ManualConnector {
      override async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
        this.calls.push('taskConfigs')
        if (this.calls.length === 3) void this.requestAfter(delay)
        return this.configs
      }
      async requestAfter(microtasks: number): Promise<void> {
        for (let i = 0; i < microtasks; i++) await undefined
        this.context.requestTaskReconfiguration()
      }
    })()
    await start(connector)
    connector.context.requestTaskReconfiguration()
    await until(() => connector.calls.length === 4, `the request after ${delay} microtasks`)
    await worker.stop()
  }
})

test('an unchanged configuration disturbs nothing', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  connector.configs = [{ of: 'a' }]
  connector.context.requestTaskReconfiguration()
  await until(() => connector.calls.length === 3)
  await worker.stop()
  assert.equal(connector.tasks.length, 1)
})

test('raiseError shows the connector FAILED while its tasks go on', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  await until(() => taskStates(worker)[0] === 'RUNNING')
  connector.context.raiseError(ofPartition('cannot list topics'))
  const [status] = worker.status().connectors
  assert.equal(status?.state, 'FAILED')
  assert.match(status?.error?.message ?? '', /cannot list topics/)
  assert.deepEqual(taskStates(worker), ['RUNNING'])
  await worker.stop()
})

test('more tasks than tasks.max fail the connector with both numbers', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  connector.configs = [{ of: 'a' }, { of: 'b' }]
  await start(connector, 'c', 1)
  assert.match(worker.status().connectors[0]?.error?.message ?? '', /2 task configurations although tasks.max is 1/)
  await worker.stop()
  assert.equal(connector.tasks.length, 0)
})

test('all tasks share one budget: stuck ones end together, not one after the other', async () => {
  const { worker, start } = workerOf({ mode: 'manual', gracefulTimeoutMs: 100 })
  const connector = new ManualConnector()
  connector.configs = [{ of: 'a' }, { of: 'b' }, { of: 'c' }]
  await start(connector)
  await until(() => connector.tasks.length === 3 && connector.tasks.every(task => task.demands.length > 0))
  for (const task of connector.tasks) task.emit(partOf(source('stuck'), 0))
  const startMs = performance.now()
  await worker.stop()
  assert.ok(performance.now() - startMs < 280)
  assert.deepEqual(taskStates(worker), ['STOPPED', 'STOPPED', 'STOPPED'])
})

test('stopNow ends a stop under way at once, even if the connector hangs', async () => {
  const connector = new (class extends ManualConnector {
    override async stop(): Promise<void> {
      await deferred().promise
    }
  })()
  const { worker, start } = workerOf({ mode: 'manual', gracefulTimeoutMs: 60_000 })
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  connector.tasks[0]!.emit(partOf(source('a'), 0))
  const stopped = worker.stop()
  worker.stopNow()
  await stopped
  assert.deepEqual(taskStates(worker), ['STOPPED'])
})

test('stopped while the connector starts: no task is started', async () => {
  const gate = deferred()
  const connector = new (class extends ManualConnector {
    override async start(context: ConnectorContext): Promise<void> {
      await super.start(context)
      await gate.promise
    }
  })()
  const { worker, start } = workerOf()
  const started = start(connector)
  await until(() => connector.calls.length === 1)
  const stopped = worker.stop()
  gate.resolve()
  await stopped
  await started
  assert.equal(connector.tasks.length, 0)
  assert.equal(connector.stopped, 1)
})

test('status$ gives the status now and after changes, those of partitions included', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  assert.deepEqual((await firstValueFrom(worker.status$)).connectors, [])
  const failed = firstValueFrom(
    worker.status$.pipe(filter(status => status.connectors[0]?.tasks[0]?.partitions[0]?.state === 'FAILED')),
  )
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  connector.tasks[0]!.emit(partOf(source('a'), 0))
  connector.tasks[0]!.context!.partitionFailed(source('a'), ofPartition('gone'))
  assert.equal((await failed).connectors[0]?.state, 'RUNNING')
  await worker.stop()
})

test('what a connector has done is still told when its tasks are gone', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  connector.tasks[0]!.emit(partOf(source('a'), 0, 100))
  const totals = () => worker.status().connectors[0]?.totals
  await until(() => totals()?.records === 10)
  await worker.stop()
  assert.deepEqual(worker.status().connectors[0]?.tasks[0]?.partitions, [])
  assert.deepEqual(totals(), { records: 10, bytes: 100, lostRecords: 0 })
})

test('two connectors of one name, and one after the stop, are refused', async () => {
  const { worker, start } = workerOf()
  await start(new ManualConnector())
  await assert.rejects(start(new ManualConnector()), /c runs already/)
  await worker.stopConnector('c')
  await assert.rejects(worker.stopConnector('c'), /No connector c/)
  await start(new ManualConnector())
  await worker.stop()
  await assert.rejects(start(new ManualConnector(), 'd'), /worker is stopping/)
})

test('under load, tasks that fail, move and restart lose no offset and repeat only what was not committed', async () => {
  const { worker, services, store, writers } = workerOf()
  const names = ['a', 'b', 'c', 'd']
  let generation = 0
  const connector = new (class extends ManualConnector {
    override async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
      const split = ++generation % 2 === 0 ? [names.slice(0, 1), names.slice(1)] : [names.slice(0, 3), names.slice(3)]
      return split.map(of => ({ of: of.join() }))
    }
    override createTask(): SourceTask {
      return new (class extends CountingTask {
        override async start(context: Parameters<CountingTask['start']>[0]): Promise<void> {
          this.partitions = context.config.of!.split(',').map(source)
          await super.start(context)
        }
      })([], 2_000)
    }
  })()
  await worker.startConnector({ name: 'c', config: {}, createConnector: () => connector, maxTasks: 2, services })
  for (let i = 0; i < 6; i++) {
    const before = writers.length
    connector.context.requestTaskReconfiguration()
    await until(() => writers.length === before + 2)
  }
  const done = async () => (await store.load(names.map(source))).every(offset => offset?.offset === 1_999)
  while (!(await done())) await new Promise(setImmediate)
  await worker.stop()
  for (const name of names) {
    const written = writers.reduce((sum, writer) => sum + writer.written(name, 0).length, 0)
    assert.equal(written, 2_000, `${name} was written exactly once: each move drained and committed first`)
  }
})
