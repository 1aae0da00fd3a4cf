import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type LogLine, MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { type SpanCollector, startSpanCollector } from './span-collector.ts'

describe('logs of a mirror', { concurrency: false, timeout: 180_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  let collector: SpanCollector
  before(async () => {
    ;[source, target, bridge, collector] = await Promise.all([
      startCluster({ name: 'a' }),
      startCluster({ name: 'b' }),
      startBridge(),
      startSpanCollector(),
    ])
  })
  after(() => Promise.all([bridge?.close(), collector?.close(), source?.stop(), target?.stop()]))

  async function mirror(t: TestContext, topics: string, more: Readonly<Record<string, string>> = {}) {
    const properties = mirrorProperties(source, target, { 'A->B.topics': topics, ...more })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRICS_EXPORTER: 'none', OTEL_BSP_SCHEDULE_DELAY: '100' }
    const started = new MirrorProcess({ properties, env, args: ['--listen', '127.0.0.1:0'] })
    t.after(() => started.kill())
    const { url } = await started.waitFor('the address', ({ msg }) => msg.startsWith('The status page is at '))
    await started.awaitState('RUNNING')
    return { started, loggers: `${url}/admin/loggers` }
  }

  async function put(url: string, level: string): Promise<{ readonly status: number; readonly json: unknown }> {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ level }) })
    return { status: answer.status, json: await answer.json() }
  }

  const spanOf = ({ trace_id, span_id }: LogLine): Promise<string> => collector.nameOf(String(trace_id), String(span_id))

  test('levels change while it copies, by the names of components and of Java; each change is said, even when all else is off', async t => {
    await bridge.createTopic(source, 'loud')
    const { started, loggers } = await mirror(t, 'loud', { 'isthmus.log.levels': 'isthmus.mirror.checkpoint=warn' })
    const own = await (await fetch(loggers)).json()
    assert.deepEqual(own, {
      'isthmus.mirror.checkpoint': { level: 'WARN', last_modified: null },
      root: { level: 'INFO', last_modified: null },
    })
    assert.ok(!started.lines.some(({ level }) => level === 'debug'))

    assert.deepEqual(await put(`${loggers}/org.apache.kafka.clients`, 'DEBUG'), {
      status: 200,
      json: ['isthmus.kafka', 'isthmus.kafka.kafkajs'],
    })
    await started.waitFor('the change', ({ msg }) => /^The level of isthmus\.kafka, which org\.apache\.kafka\.clients/.test(msg))
    for (const broker of target.brokers) process.kill(broker.pid!, 'SIGSTOP')
    try {
      await bridge.produce(source, 'loud', [{ value: 'x' }])
      const line = await started.waitFor('debug lines of clients', ({ level }) => level === 'debug', 60_000)
      assert.match(String(line.component), /^isthmus\.kafka/)
    } finally {
      for (const broker of target.brokers) process.kill(broker.pid!, 'SIGCONT')
    }

    assert.deepEqual(await put(`${loggers}/root`, 'OFF'), { status: 200, json: ['root'] })
    const off = await started.waitFor('the change', ({ msg }) => msg === 'The level of root is OFF from now on')
    assert.equal(off.component, 'isthmus.rest')
    assert.equal((await put(`${loggers}/isthmus.kafka`, 'OFF')).status, 200)
    await started.waitFor('the change', ({ msg }) => msg === 'The level of isthmus.kafka is OFF from now on')
    await bridge.awaitRecords(target, 'A.loud', 1)
    assert.deepEqual(await started.terminate(), { code: 0, signal: null })
    const last = started.lines.at(-1)
    assert.equal(last?.msg, 'The level of isthmus.kafka is OFF from now on', 'nothing is said of the end')
  })

  test('lines of a run, of a topic created again and of the connector: contexts, components, and ids of the spans that were sent', async t => {
    await bridge.createTopic(source, 'told-1')
    await bridge.produce(source, 'told-1', [{ value: 'a' }])
    const { started } = await mirror(t, 'told-.*')
    await bridge.awaitRecords(target, 'A.told-1', 1)
    await bridge.createTopic(source, 'told-2')
    const found = await started.waitFor('two topics', ({ msg }) => /copying 2 partitions of 2 topics/.test(msg))
    assert.match(found.msg, /^\[A->B\|MirrorSourceConnector\|worker\] copying/)
    assert.equal(found.component, 'isthmus.mirror.source')
    assert.equal(await spanOf(found), 'refreshing topics')

    await bridge.deleteTopic(source, 'told-1')
    await bridge.createTopic(source, 'told-1')
    await bridge.produce(source, 'told-1', [{ value: 'b' }, { value: 'c' }])
    const again = await started.waitFor('the recreation', ({ code }) => code === 'SOURCE_RECREATED')
    assert.match(again.msg, /^\[A->B\|MirrorSourceConnector\|task-\d\] told-1-0 on A: the topic was deleted/)
    assert.deepEqual([again.level, again.component, again.flow], ['error', 'isthmus.mirror.source', 'A->B'])
    assert.equal(await spanOf(again), 'recreated told-1')
    const begun = started.lines.filter(({ msg }) => /^The status page is at|^Flow A->B/.test(msg))
    assert.ok(begun.length > 1 && begun.every(line => line.trace_id === undefined), 'what is not of a run or batch has no ids')
  })
})
