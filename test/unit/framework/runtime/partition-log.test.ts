import assert from 'node:assert/strict'
import { test } from 'node:test'
import { context } from '@opentelemetry/api'
import { connectRecord, type Logger } from '../../../../framework/api/index.ts'
import { AsyncContext } from '../../../../framework/cli/telemetry/async-context.ts'
import { PartitionRegistry, SourceTaskHost, type TaskServices } from '../../../../framework/runtime/index.ts'
import { createLogger, LogLevels } from '../../../../framework/telemetry/index.ts'
import { harnessPipeline } from '../../../../framework/testing/harness-pipeline.ts'
import {
  encodeInMemory,
  type LoggedLine,
  MemoryLogger,
  MemoryOffsetStore,
  MemoryPartWriter,
} from '../../../../framework/testing/index.ts'
import { ManualTask, ofPartition, partOf, settings, source, until } from './fixtures.ts'
import { takeSpans } from './traced-spans.ts'

context.setGlobalContextManager(new AsyncContext())

interface Line {
  readonly level: string
  readonly component: string
  readonly msg: string
  readonly trace_id?: string
  readonly span_id?: string
  readonly skipped?: number
  readonly retrying?: number
}

async function started(more: Partial<TaskServices> = {}, own?: Logger) {
  const lines: Line[] = []
  const levels = new LogLevels('info')
  const logger = own ?? createLogger({ levels, format: 'json', destination: { write: line => lines.push(JSON.parse(line)) } })
  const writer = new MemoryPartWriter({ mode: 'manual' })
  const services: TaskServices = {
    offsetStore: new MemoryOffsetStore(),
    createWriter: async () => writer,
    encodeRecords: encodeInMemory,
    settings: { ...settings, windowBytes: 100_000_000 },
    trace: { settings: { ratio: 0, slowMs: 60_000, links: false } },
    ...more,
  }
  const task = new ManualTask()
  const partitions = new PartitionRegistry().view('clock-0')
  const host = new SourceTaskHost({ taskId: 'clock-0', config: {}, createTask: () => task, services, partitions, logger })
  takeSpans()
  const ran = host.run()
  await until(() => task.demands.length > 0, 'demand')
  return { lines, levels, writer, task, host, ran }
}

test('a partition that makes no progress is a warning with the ids of the span that tells of it, and its end is told', async () => {
  const { lines, writer, task, host, ran } = await started()
  task.emit(partOf(source('a'), 0))
  writer.hold('a', 0)
  writer.letGo('a', 0)
  const [warning, over] = lines
  assert.deepEqual([warning?.level, warning?.component], ['warn', 'isthmus'])
  assert.match(warning?.msg ?? '', /^Task clock-0: .*a.* makes no progress: a-0 has no leader$/)
  const span = takeSpans()
    .find(({ name }) => name.startsWith('retrying'))!
    .spanContext()
  assert.deepEqual([warning?.trace_id, warning?.span_id], [span.traceId, span.spanId])
  assert.deepEqual([over?.level, over?.msg], ['info', 'Task clock-0: no partition is retried any more'])
  writer.ackAll()
  await host.stop()
  await ran
})

test('a partition and a task that fail are errors with the ids of their spans', async () => {
  const { lines, task, ran } = await started()
  task.emit(partOf(source('a'), 0))
  task.context!.partitionFailed(source('a'), ofPartition('the disk is full'))
  task.batch$.error(new Error('source broken'))
  await ran
  const spans = takeSpans()
  const errors = lines.filter(({ level }) => level === 'error')
  assert.deepEqual(
    errors.map(({ trace_id }) => trace_id),
    ['failed', 'task clock-0'].map(name => spans.find(span => span.name.startsWith(name))?.spanContext().traceId),
  )
})

test('in an outage of hundreds of partitions a few are named, and how many there are; none is forgotten at debug', async () => {
  for (const level of ['info', 'debug'] as const) {
    const { lines, levels, writer, task, host, ran } = await started()
    levels.change('root', level)
    const names = Array.from({ length: 300 }, (_, i) => `t${i}`)
    task.emit(...names.map(name => partOf(source(name), 0, 10)))
    for (const name of names) writer.hold(name, 0)
    const said = lines.filter(({ msg }) => msg.includes('makes no progress'))
    if (level === 'debug') assert.equal(said.length, 300)
    else assert.deepEqual([said.length, said.at(-1)?.retrying], [5, 5])
    for (const name of names) writer.letGo(name, 0)
    assert.equal(lines.filter(({ msg }) => msg.includes('no partition is retried')).length, 1)
    writer.ackAll()
    await host.stop()
    await ran
  }
})

test("what the task itself logs is the connector's, and what its runtime logs is not", async () => {
  const { lines, levels, task, host, ran } = await started()
  levels.change('connector.clock', 'debug')
  task.context!.logger.debug({}, 'looking at the clock')
  assert.deepEqual(
    lines.map(({ component, msg }) => [component, msg]),
    [['connector.clock', 'looking at the clock']],
  )
  await host.stop()
  await ran
})

test('nothing is logged per record, not even at trace: a hundred thousand converted records leave fewer lines than batches', async () => {
  const lines: LoggedLine[] = []
  const logger = new MemoryLogger(lines)
  const openPipeline = () => harnessPipeline({ config: {}, format: 'json', plugins: {}, logger })
  const { writer, task, host, ran } = await started({ openPipeline }, logger)
  const records = Array.from({ length: 1_000 }, (_, i) => connectRecord({ topic: 'a', partition: 0, value: { i } }))
  for (let offset = 0; offset < 100; offset++) task.emit({ sourcePartition: source('a'), sourceOffset: { offset }, records })
  await until(() => writer.written('a', 0).length + writer.pending >= 100, 'all batches')
  writer.ackAll()
  await host.stop()
  await ran
  assert.equal(
    writer.written('a', 0).reduce((sum, { count }) => sum + count, 0),
    100_000,
  )
  assert.ok(lines.length < 100, `${lines.length} lines`)
})
