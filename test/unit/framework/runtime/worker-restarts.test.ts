import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../framework/api/index.ts'
import { fatal, ofPartition, partOf, source, until } from './fixtures.ts'
import { connectorState, ManualConnector, taskStates, workerOf } from './worker-fixtures.ts'

const never = { max: 0, withinMs: 60_000, initialDelayMs: 1, maxDelayMs: 1 }

async function failing(names: readonly string[], failed: readonly number[]) {
  const { worker, start, services } = workerOf({ restart: never })
  const connector = new ManualConnector()
  connector.configs = names.map(of => ({ of }))
  await start(connector)
  await until(() => connector.tasks.length === names.length && connector.tasks.every(task => task.demands.length > 0))
  for (const index of failed) connector.tasks[index]!.batch$.error(fatal(`task ${index} is broken`))
  await until(() => taskStates(worker).filter(state => state === 'FAILED').length === failed.length)
  return { worker, connector, services }
}

test('without automatic restarts a failed task stays FAILED with its trace, its connector RUNNING', async () => {
  const { worker } = await failing(['a', 'b'], [1])
  const [status] = worker.status().connectors
  assert.equal(status?.state, 'RUNNING')
  assert.deepEqual(taskStates(worker), ['RUNNING', 'FAILED'])
  assert.match(status?.tasks[1]?.error?.stack ?? '', /task 1 is broken\n +at /)
  await worker.stop()
})

test('a restart of tasks that failed leaves connector and other tasks alone', async () => {
  const { worker, connector } = await failing(['a', 'b', 'c'], [0, 2])
  await worker.restartConnector('c', { includeTasks: true, onlyFailed: true })
  await until(() => taskStates(worker).every(state => state === 'RUNNING'))
  assert.deepEqual(connector.calls, ['start', 'taskConfigs'])
  assert.deepEqual(
    connector.tasks.map(task => [task.context?.taskId, task.stopped]),
    [
      ['c-0', 1],
      ['c-1', 0],
      ['c-2', 1],
      ['c-0', 0],
      ['c-2', 0],
    ],
  )
  await worker.stop()
})

test('a restart without options is one of the connector alone; with tasks, of all of them', async () => {
  const { worker, connector } = await failing(['a', 'b'], [0])
  await worker.restartConnector('c')
  assert.deepEqual(connector.calls, ['start', 'taskConfigs', 'start', 'taskConfigs'])
  assert.deepEqual(taskStates(worker), ['FAILED', 'RUNNING'])
  await worker.restartConnector('c', { includeTasks: true })
  await until(() => taskStates(worker).every(state => state === 'RUNNING'))
  assert.equal(connector.tasks.length, 4)
  await worker.stop()
})

test('a connector that has failed works again after a restart, and is paused still if it was', async () => {
  const { worker, connector } = await failing(['a'], [])
  connector.context.raiseError(ofPartition('cannot list topics'))
  assert.equal(connectorState(worker), 'FAILED')
  await worker.restartConnector('c', { onlyFailed: true })
  assert.equal(connectorState(worker), 'RUNNING')
  assert.equal(worker.status().connectors[0]?.error, undefined)
  await worker.pauseConnector('c')
  await worker.restartConnector('c', { includeTasks: true })
  assert.equal(connectorState(worker), 'PAUSED')
  await until(() => taskStates(worker)[0] === 'PAUSED')
  assert.equal(connector.tasks.length, 1, 'a restarted task waits before it is made')
  await worker.stop()
})

test('a restart that fails says so, and shows', async () => {
  const { worker, connector } = await failing(['a'], [])
  connector.start = async () => {
    throw new Error('the source is away')
  }
  await assert.rejects(worker.restartConnector('c'), /the source is away/)
  assert.equal(connectorState(worker), 'FAILED')
  assert.deepEqual(taskStates(worker), ['RUNNING'], 'tasks go on')
  await worker.stop()
})

test('a connector that is started again by itself says when, and only until then', async () => {
  const { worker, start } = workerOf({ restart: { max: 1, withinMs: 60_000, initialDelayMs: 50, maxDelayMs: 50 } })
  const connector = new ManualConnector()
  const work = connector.start.bind(connector)
  connector.start = async () => {
    throw new Error('the source is away')
  }
  await start(connector)
  const { nextStartMs = 0, state } = worker.status().connectors[0]!
  assert.equal(state, 'FAILED')
  assert.ok(nextStartMs > 0 && nextStartMs <= Date.now() + 60, `${nextStartMs}`)
  connector.start = work
  await until(() => connectorState(worker) === 'RUNNING')
  assert.equal(worker.status().connectors[0]?.nextStartMs, undefined)
  await worker.stop()
})

test('one task is restarted where it was committed', async () => {
  const { worker, connector, services } = await failing(['a', 'b'], [])
  connector.tasks[0]!.emit(partOf(source('a'), 9))
  await worker.restartTask('c', 0)
  assert.deepEqual(await services.offsetStore.load([source('a')]), [{ offset: 9 }])
  await until(() => taskStates(worker).every(state => state === 'RUNNING'))
  assert.deepEqual(
    connector.tasks.map(task => task.stopped),
    [1, 0, 0],
  )
  await worker.stop()
})

test('health says what does not work and how far that reaches', async () => {
  const { worker, connector } = await failing(['a', 'b'], [])
  assert.deepEqual(worker.health(), { state: 'UP', reasons: [], connectors: [{ name: 'c', state: 'UP', reasons: [] }] })
  connector.tasks[0]!.batch$.error(fatal('broken a'))
  await until(() => taskStates(worker)[0] === 'FAILED')
  assert.equal(worker.health().state, 'DEGRADED')
  assert.deepEqual(worker.health().reasons, ['Task c-0 has FAILED after 0 restarts: broken a'])
  connector.tasks[1]!.batch$.error(fatal('broken b'))
  await until(() => taskStates(worker)[1] === 'FAILED')
  assert.equal(worker.health().connectors[0]?.state, 'DOWN')
  assert.equal(worker.health().state, 'DOWN')
  await worker.pauseConnector('c')
  assert.equal(worker.health().state, 'DOWN', 'a pause mends nothing')
  await worker.suspendConnector('c')
  assert.equal(worker.health().state, 'UP')
  await worker.stop()
})

test('the status tells when records were last acknowledged', async () => {
  const { worker, connector } = await failing(['a'], [])
  const activity = () => worker.status().connectors[0]!.tasks[0]!.lastActivityMs
  assert.equal(activity(), 0)
  const beforeMs = Date.now()
  connector.tasks[0]!.emit(partOf(source('a'), 0))
  await until(() => activity() >= beforeMs)
  await worker.stop()
})

test('messages begin with their context where the worker is to have it so', async () => {
  const { worker, start, logger, store } = workerOf({ restart: never, logContexts: true })
  const connector = new ManualConnector()
  await start(connector, 'orders')
  await until(() => connector.tasks[0]?.demands.length === 4)
  connector.context.logger.info({}, 'by the connector')
  connector.tasks[0]!.context!.logger.info({}, 'by the task')
  store.save = async () => {
    throw new Error('the store is away')
  }
  connector.tasks[0]!.emit(partOf(source('a'), 0))
  const said = (start: string) => logger.lines.some(({ message }) => message.startsWith(start))
  await until(() => said('[orders|task-0|offsets] '))
  assert.ok(said('[orders|worker] by the connector'))
  assert.ok(said('[orders|task-0] by the task'))
  connector.tasks[0]!.batch$.error(fatal('broken'))
  await until(() => said('[orders|task-0] Task orders-0 failed: broken'))
  await worker.stop()
})

test('a failed task is restarted with growing delays, a few times; the other tasks go on', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  connector.configs = [{ of: 'a' }, { of: 'b' }]
  await start(connector)
  for (const tasks of [2, 3, 4]) {
    await until(() => connector.tasks.length === tasks && connector.tasks.every(task => task.demands.length > 0))
    const failing = tasks === 2 ? connector.tasks[0]! : connector.tasks.at(-1)!
    failing.batch$.error(new Error(`broken ${tasks}`))
  }
  await until(() => taskStates(worker)[0] === 'FAILED')
  const [failed, other] = worker.status().connectors[0]!.tasks
  assert.equal(failed?.restarts, 2)
  assert.match(failed?.error?.message ?? '', /broken 4/)
  assert.equal(other?.state, 'RUNNING')
  await worker.stop()
})

test('a task that fails for its configuration is not restarted', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  await start(connector)
  await until(() => connector.tasks[0]?.demands.length === 4)
  connector.tasks[0]!.batch$.error(new ConnectError('BAD', 'bad key', { kind: 'configuration', stage: 'start' }))
  await until(() => taskStates(worker)[0] === 'FAILED')
  assert.equal(worker.status().connectors[0]?.tasks[0]?.restarts, 0)
  await worker.stop()
})

test('a connector that cannot start is FAILED, tried again with a new instance, then left', async () => {
  const { worker, services } = workerOf()
  const made: ManualConnector[] = []
  const createConnector = () => {
    const connector = new (class extends ManualConnector {
      override async start(): Promise<void> {
        if (made.length < 3) throw new Error('source is away')
      }
    })()
    made.push(connector)
    return connector
  }
  await worker.startConnector({ name: 'c', config: {}, createConnector, maxTasks: 1, services })
  assert.equal(worker.status().connectors[0]?.state, 'FAILED')
  await until(() => worker.status().connectors[0]?.state === 'RUNNING')
  assert.equal(worker.status().connectors[0]?.error, undefined)
  assert.deepEqual(
    made.map(connector => connector.stopped),
    [1, 1, 0],
  )
  await worker.stop()
})
