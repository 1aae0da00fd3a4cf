import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { deferred, pollWith } from '../../framework/flow/index.ts'
import {
  ConnectError,
  defaultSourceTaskSettings,
  openKafkaServices,
  type SinkBatch,
  SinkConnector,
  SourceConnector,
  SourceTask,
  type SourceTaskContext,
  sinkServices,
  Worker,
} from '../../framework/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { EventLogger } from './event-logger.ts'
import { eventually } from './eventually.ts'
import { KeepingSink } from './running-sink.ts'

const never = { max: 0, withinMs: 60_000, initialDelayMs: 50, maxDelayMs: 50 }
/** How long nothing is to happen where nothing must. */
const QUIET_MS = 400

/** Writes 0, 1, 2, …, each as one record, from the stored offset on, about one a millisecond. */
class Numbers extends SourceTask {
  readonly #topic: string
  readonly #onStop: () => Promise<void>
  polls = 0
  #next = 0
  #partition = { of: 'numbers' }

  constructor(topic: string, onStop: () => Promise<void>) {
    super()
    this.#topic = topic
    this.#onStop = onStop
  }

  async start({ offsets }: SourceTaskContext): Promise<void> {
    const [stored] = await offsets([this.#partition])
    this.#next = stored == null ? 0 : Number(stored.number) + 1
  }

  batches = pollWith(async () => {
    await wait(1)
    this.polls++
    const number = this.#next++
    const records = [{ topic: this.#topic, key: null, value: Buffer.from(String(number)), headers: [], timestamp: Date.now() }]
    return [{ sourcePartition: this.#partition, sourceOffset: { number }, records }]
  })

  override stop(): Promise<void> {
    return this.#onStop()
  }
}

class NumbersConnector extends SourceConnector {
  readonly definition = {}
  readonly tasks: Numbers[] = []
  readonly #topic: string
  onStop = async (): Promise<void> => undefined

  constructor(topic: string) {
    super()
    this.#topic = topic
  }

  async start(): Promise<void> {
    // nothing to prepare
  }

  async taskConfigs() {
    return [{}]
  }

  createTask(): Numbers {
    const task = new Numbers(this.#topic, () => this.onStop())
    this.tasks.push(task)
    return task
  }

  get polls(): number {
    return this.tasks.reduce((sum, { polls }) => sum + polls, 0)
  }
}

class KeepingConnector extends SinkConnector {
  readonly definition = {}
  readonly tasks: KeepingSink[] = []
  write = async (_: SinkBatch): Promise<void> => undefined

  async start(): Promise<void> {
    // nothing to prepare
  }

  async taskConfigs(maxTasks: number) {
    return Array.from({ length: maxTasks }, () => ({}))
  }

  createTask(): KeepingSink {
    const task = new KeepingSink(batch => this.write(batch))
    this.tasks.push(task)
    return task
  }

  get numbers(): number[] {
    return this.tasks.flatMap(({ records }) => records.map(({ value }) => Number(Buffer.from(value ?? []).toString())))
  }
}

describe('the life of connectors on a real broker', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'lifecycle' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const workerFor = (t: TestContext) => {
    const logger = new EventLogger()
    const worker = new Worker({ restart: never, gracefulTimeoutMs: 5_000, logger, logContexts: true })
    t.after(() => worker.stop())
    const status = (name: string) => worker.status().connectors.find(one => one.name === name)
    const client = () => ({ bootstrapServers: kafka.bootstrapServers.split(',') })
    return {
      worker,
      logger,
      client,
      state: (name: string) => status(name)?.state,
      tasks: (name: string) => status(name)?.tasks ?? [],
      states: (name: string) => (status(name)?.tasks ?? []).map(({ state }) => state).join(),
      startSource: async (name: string, connector: NumbersConnector, topic: string, gracefulTimeoutMs = 3_000) => {
        const settings = { ...defaultSourceTaskSettings, flushIntervalMs: 100, gracefulTimeoutMs }
        const offsetsTopic = { name: 'offsets' }
        const options = { client: client(), connectorName: name, topics: [topic], offsetsTopic, settings, logger }
        const services = await openKafkaServices(options)
        t.after(async () => {
          await worker.stop()
          await services.close()
        })
        await worker.startConnector({ name, config: {}, maxTasks: 1, createConnector: () => connector, services })
      },
      startSink: async (name: string, connector: KeepingConnector, topic: string) => {
        const config = { topics: topic }
        const settings = { commitIntervalMs: 100, heartbeatIntervalMs: 200, sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000 }
        const services = sinkServices({ client: client(), connectorName: name, config, settings, logger })
        await worker.startConnector({ kind: 'sink', name, config, maxTasks: 1, createConnector: () => connector, services })
      },
    }
  }

  const counted = (what: string, count: () => number, atLeast: number) =>
    eventually(
      what,
      async () => count(),
      found => found >= atLeast,
    )
  const becomes = (what: string, ask: () => unknown, expected: string) =>
    eventually(
      what,
      async () => ask(),
      found => found === expected,
    )

  test('a pause stops polling and delivering, resuming goes on without loss; a stop takes the tasks away, resuming makes new ones', async t => {
    const topic = 'paused'
    await bridge.createTopic(kafka, topic)
    const { worker, state, states, startSource, startSink } = workerFor(t)
    const source = new NumbersConnector(topic)
    const sink = new KeepingConnector()
    await startSource('numbers', source, topic)
    await startSink('keeper', sink, topic)
    await counted('records before the pause', () => sink.numbers.length, 50)

    await worker.pauseConnector('keeper')
    assert.deepEqual([state('keeper'), states('keeper')], ['PAUSED', 'PAUSED'])
    await wait(QUIET_MS / 4)
    const delivered = sink.numbers.length
    const polledBefore = source.polls
    await wait(QUIET_MS)
    assert.equal(sink.numbers.length, delivered, 'a paused sink is given nothing')
    assert.ok(source.polls > polledBefore, 'while its source goes on')
    assert.equal((await bridge.describeGroup(kafka, 'connect-keeper')).members.length, 1, 'it stays a member of its group')

    await worker.pauseConnector('numbers')
    assert.deepEqual([state('numbers'), states('numbers')], ['PAUSED', 'PAUSED'])
    await wait(QUIET_MS / 4)
    const polled = source.polls
    await wait(QUIET_MS)
    assert.equal(source.polls, polled, 'a paused source is not polled')

    await Promise.all([worker.resumeConnector('numbers'), worker.resumeConnector('keeper')])
    await counted('records after the pause', () => sink.numbers.length, polled + 50)
    assert.deepEqual([source.tasks.length, sink.tasks.length], [1, 1], 'they are the same tasks')

    await Promise.all([worker.suspendConnector('numbers'), worker.suspendConnector('keeper')])
    assert.deepEqual([state('numbers'), states('numbers'), state('keeper'), states('keeper')], ['STOPPED', '', 'STOPPED', ''])
    assert.equal((await bridge.describeGroup(kafka, 'connect-keeper')).members.length, 0)
    const before = sink.numbers.length

    await Promise.all([worker.resumeConnector('numbers'), worker.resumeConnector('keeper')])
    await counted('records after the stop', () => sink.numbers.length, before + 100)
    assert.deepEqual([source.tasks.length, sink.tasks.length], [2, 2])
    await worker.suspendConnector('numbers')
    const [log] = await bridge.offsets(kafka, topic)
    await counted('all of them', () => sink.numbers.length, log!.latest)
    await worker.stop()
    const expected = Array.from({ length: log!.latest }, (_, i) => i)
    assert.deepEqual(sink.numbers, expected, 'each number once, in order')
  })

  test('a task that throws is FAILED with its trace while its connector runs, and works again when what failed is restarted', async t => {
    const topic = 'failing'
    await bridge.createTopic(kafka, topic)
    const { worker, logger, state, states, tasks, startSource, startSink } = workerFor(t)
    const source = new NumbersConnector(topic)
    const sink = new KeepingConnector()
    let isFull = true
    sink.write = async ({ lastOffset }) => {
      if (isFull && lastOffset >= 20) throw new ConnectError('DISK_FULL', 'the disk is full', { kind: 'fatal', stage: 'deliver' })
    }
    await startSink('failing-sink', sink, topic)
    await startSource('failing-numbers', source, topic)
    await becomes('the failure', () => states('failing-sink'), 'FAILED')
    assert.equal(state('failing-sink'), 'RUNNING')
    assert.match(tasks('failing-sink')[0]?.error?.stack ?? '', /the disk is full\n +at /)
    assert.ok(logger.lines.some(({ message }) => message.startsWith('[failing-sink|task-0] Task failing-sink-0 failed')))
    assert.equal(worker.health().state, 'DEGRADED')
    assert.deepEqual(
      worker.health().connectors.map(({ name, state: health }) => `${name} ${health}`),
      ['failing-sink DOWN', 'failing-numbers UP'],
    )
    isFull = false
    for (const name of ['failing-sink', 'failing-numbers']) {
      await worker.restartConnector(name, { includeTasks: true, onlyFailed: true })
    }
    await becomes('running again', () => states('failing-sink'), 'RUNNING')
    await counted('records after the failure', () => sink.numbers.length, 100)
    assert.equal(source.tasks.length, 1, 'what had not failed was left alone')
    assert.equal(worker.health().state, 'UP')
    await worker.stop()
    const numbers = sink.numbers
    assert.deepEqual(
      [...new Set(numbers)],
      Array.from({ length: new Set(numbers).size }, (_, i) => i),
    )
  })

  test('a task whose stop() never ends is given up after the graceful timeout with its offsets stored, and changes no status later', async t => {
    const topic = 'stuck'
    await bridge.createTopic(kafka, topic)
    const { worker, state, states, startSource } = workerFor(t)
    const stops = deferred()
    const source = new NumbersConnector(topic)
    source.onStop = () => stops.promise
    await startSource('stuck-numbers', source, topic, 500)
    await counted('polls', () => source.polls, 30)
    const startMs = performance.now()
    await worker.suspendConnector('stuck-numbers')
    assert.ok(performance.now() - startMs < 2_000, 'within its time')
    assert.deepEqual([state('stuck-numbers'), states('stuck-numbers')], ['STOPPED', ''])
    const [log] = await bridge.offsets(kafka, topic)
    const seen: string[] = []
    const following = worker.status$.subscribe(({ connectors }) =>
      seen.push(connectors.map(one => `${one.state} ${one.tasks.map(task => task.state)}`).join()),
    )
    t.after(() => following.unsubscribe())
    stops.reject(new Error('too late'))
    await wait(QUIET_MS)
    assert.deepEqual([...new Set(seen)], ['STOPPED '])
    source.onStop = async () => undefined
    await worker.resumeConnector('stuck-numbers')
    await counted('polls of the next', () => source.polls, log!.latest + 20)
    await worker.stop()
    const values = (await bridge.dump(kafka, topic)).map(({ value }) => Number(Buffer.from(value ?? []).toString()))
    assert.deepEqual(
      values,
      Array.from({ length: values.length }, (_, i) => i),
      'the next one went on exactly there',
    )
  })
})
