/**
 * What the record path of a source costs on one core, from values to encoded batches: `node test/bench/micro/source-records.ts`.
 * Records are 100 bytes of JSON; figures of a disturbed machine are low, so compare within one run. `--cpu-prof` shows where time goes.
 */
import { type ConnectRecord, connectRecord, type SourcePart, schema as s } from '../../../framework/api/index.ts'
import { registerConverters } from '../../../framework/converters/index.ts'
import { createInjector, PluginRegistry } from '../../../framework/di/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { RecordEncoder } from '../../../framework/kafka/record-encoder.ts'
import { defaultRecordErrorSettings, PartEncoder, RecordErrorCounts } from '../../../framework/runtime/index.ts'
import { MemoryLogger } from '../../../framework/testing/index.ts'
import { openPipeline, registerTransforms } from '../../../framework/transforms/index.ts'

const RECORDS = 5_000
const SECONDS = Number(process.argv[2] ?? 1)

const partitions = Array.from({ length: 4 }, (_, partition) => ({ partition, leaderId: 1, leaderEpoch: 0 }))
const cluster = { topic: (name: string) => ({ name, topicId: '', isInternal: false, partitions }) } as unknown as Cluster

const event = s.struct({
  id: s.int64(),
  user: s.string(),
  kind: s.string(),
  amount: s.float64(),
  note: s.string({ optional: true }),
})
const eventOf = (i: number) => ({
  id: 1_000_000 + i,
  user: `user-${i % 1000}`,
  kind: 'purchase',
  amount: (i % 1000) + 0.25,
  note: 'forty letters of text that says nothing',
})
const text = JSON.stringify(eventOf(1))

async function encoderOf(config: Readonly<Record<string, string>>): Promise<PartEncoder> {
  const plugins = new PluginRegistry().loader([import.meta.dirname])
  registerConverters(plugins)
  registerTransforms(plugins)
  const logger = new MemoryLogger()
  const pipeline = await openPipeline(
    { plugins, injector: createInjector(), logger },
    { 'key.converter': 'StringConverter', ...config },
  )
  const encoder = new RecordEncoder(cluster)
  return new PartEncoder({
    taskId: 'bench-0',
    encodeRecords: records => encoder.encode(records),
    stage: { pipeline, errors: defaultRecordErrorSettings, logging: 'nothing', counts: new RecordErrorCounts(), logger },
    signal: new AbortController().signal,
  })
}

async function measure(what: string, config: Readonly<Record<string, string>>, recordOf: (i: number) => ConnectRecord) {
  const encoder = await encoderOf(config)
  const part: SourcePart = {
    sourcePartition: {},
    sourceOffset: {},
    records: Array.from({ length: RECORDS }, (_, i) => recordOf(i)),
  }
  const round = async (seconds: number) => {
    const startMs = performance.now()
    const cpu = process.cpuUsage()
    let rounds = 0
    let bytes = 0
    for (; performance.now() - startMs < seconds * 1000; rounds++) {
      for (const batch of await encoder.encode(part)) bytes += batch.bytes.length
    }
    const { user, system } = process.cpuUsage(cpu)
    return { records: rounds * RECORDS, bytes, cpuMicros: user + system, ms: performance.now() - startMs }
  }
  await round(SECONDS / 2)
  const { records, bytes, cpuMicros, ms } = await round(SECONDS)
  return {
    what,
    'records/s': Math.round(records / (ms / 1000)),
    'records/s per core': Math.round(records / (cpuMicros / 1e6)),
    'bytes a record': Math.round(bytes / records),
  }
}

const plain = { 'value.converter': 'JsonConverter', 'value.converter.schemas.enable': 'false' }
const of = (i: number, fields: Partial<ConnectRecord>) =>
  connectRecord({ topic: 'events', timestamp: 1_700_000_000_000 + i, ...fields })
console.table([
  await measure('JSON, plain objects', plain, i => of(i, { value: eventOf(i) })),
  await measure('JSON, plain objects with keys', plain, i => of(i, { key: `user-${i % 1000}`, value: eventOf(i) })),
  await measure('JSON of structs', plain, i => of(i, { valueSchema: event, value: eventOf(i) })),
  await measure('JSON with envelope', { 'value.converter': 'JsonConverter' }, i =>
    of(i, { valueSchema: event, value: eventOf(i) }),
  ),
  await measure('text', { 'value.converter': 'StringConverter' }, i => of(i, { valueSchema: s.string(), value: text })),
  await measure(
    'JSON, one transform',
    {
      ...plain,
      transforms: 'r',
      'transforms.r.type': 'RegexRouter',
      'transforms.r.regex': 'ev(.*)',
      'transforms.r.replacement': 'x$1',
    },
    i => of(i, { value: eventOf(i) }),
  ),
  await measure('JSON, no timestamp, one header', plain, i =>
    of(i, { timestamp: -1, value: eventOf(i), headers: [{ key: 'trace', schema: s.string(), value: `t${i}` }] }),
  ),
])
