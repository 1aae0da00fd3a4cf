/**
 * What one part costs in the runtime: from the task's emission to the release of its bytes, over a writer that acknowledges everything in
 * the next turn of the event loop. Prints microseconds per part of the second half. With a number as argument, that share of the parts is traced; spans are
 * written for a collector that takes them at once.
 */
import { trace } from '@opentelemetry/api'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { Subject } from 'rxjs'
import { type Demand, type SourceBatch, type SourcePart, type SourcePartition, SourceTask } from '../../../framework/api/index.ts'
import { ExportRecord } from '../../../framework/cli/telemetry/export-record.ts'
import { SpanQueue } from '../../../framework/cli/telemetry/span-queue.ts'
import { WhileRoom } from '../../../framework/cli/telemetry/while-room.ts'
import {
  type PartCallbacks,
  PartitionRegistry,
  type PartWriter,
  SourceTaskRunner,
  SourceTraces,
} from '../../../framework/runtime/index.ts'
import { openTracer } from '../../../framework/telemetry/index.ts'
import { encoded, encodeInMemory, MemoryLogger } from '../../../framework/testing/index.ts'

const PARTITIONS = 100
const PARTS_PER_BATCH = 50
const PART_BYTES = 15_000
const ROUNDS = 200_000
const HALF = (ROUNDS / 2) * PARTS_PER_BATCH

class NullWriter implements PartWriter {
  #tokens: unknown[] = []
  #partitions: number[] = []
  #callbacks: PartCallbacks | undefined

  append(part: { readonly partition: number }, callbacks: PartCallbacks, token: unknown): void {
    if (this.#tokens.length === 0) setImmediate(() => this.#ackAll())
    this.#callbacks = callbacks
    this.#tokens.push(token)
    this.#partitions.push(part.partition)
  }

  async flush(): Promise<void> {
    await new Promise(setImmediate)
  }

  async close(): Promise<void> {
    this.#tokens = []
  }

  #ackAll(): void {
    const tokens = this.#tokens
    const partitions = this.#partitions
    this.#tokens = []
    this.#partitions = []
    for (let i = 0; i < tokens.length; i++) this.#callbacks?.acked(tokens[i], 'topic', partitions[i]!, 0, 15)
  }
}

class NullTask extends SourceTask {
  readonly #partitions: SourcePartition[] = Array.from({ length: PARTITIONS }, (_, partition) => ({
    cluster: 'a',
    partition,
    topic: 'topic',
  }))
  readonly #records = this.#partitions.map((_, partition) => encoded('topic', partition, 15, PART_BYTES))
  readonly #batch$ = new Subject<SourceBatch>()
  parts = 0
  acks = 0
  onDone: () => void = () => undefined
  onHalf: () => void = () => undefined

  async start(): Promise<void> {
    this.parts = 0
  }

  batches(demand$: Subject<Demand>): Subject<SourceBatch> {
    demand$.subscribe({
      next: () => this.#batch$.next({ parts: this.#nextParts() }),
      complete: () => this.#batch$.complete(),
    })
    return this.#batch$
  }

  override acknowledged(): void {
    this.acks++
  }

  #nextParts(): SourcePart[] {
    const parts: SourcePart[] = []
    for (let i = 0; i < PARTS_PER_BATCH; i++) {
      const p = (this.parts + i) % PARTITIONS
      parts.push({ sourcePartition: this.#partitions[p]!, sourceOffset: { offset: this.parts + i }, records: this.#records[p]! })
    }
    this.parts += PARTS_PER_BATCH
    if (this.parts === HALF) this.onHalf()
    if (this.parts >= ROUNDS * PARTS_PER_BATCH) this.onDone()
    return parts
  }
}

const ratio = process.argv[2]

function traces(): SourceTraces | undefined {
  if (ratio === undefined) return undefined
  const record = new ExportRecord({ signal: 'traces', endpoint: 'nowhere', logger: new MemoryLogger() })
  const sender = { send: async () => ({ isTaken: true as const, body: Buffer.alloc(0), type: '' }), close: () => undefined }
  const sizes = { maxQueue: 4_096, maxBatch: 512, delayMs: 1_000, lastMs: 1_000, lastOfTroubledMs: 1_000 }
  const queue = new SpanQueue({ sender, record, ...sizes })
  trace.setGlobalTracerProvider(new TracerProvider({ sampler: new WhileRoom(queue, record), spanProcessors: [queue] }))
  const settings = { ratio: Number(ratio), slowMs: 1_000, links: false }
  return new SourceTraces({
    tracer: openTracer()!,
    taskId: 'bench-0',
    trace: { settings },
    logger: new MemoryLogger(),
    hasStage: false,
  })
}

const traced = traces()
const task = new NullTask()
const runner = new SourceTaskRunner({
  taskId: 'bench-0',
  task,
  writer: new NullWriter(),
  encodeRecords: encodeInMemory,
  partitions: new PartitionRegistry().view('bench-0'),
  windowBytes: 64 << 20,
  permitBytes: 1 << 20,
  maxRecords: 1_000,
  ...(traced && { traces: traced }),
  onFailure: error => {
    throw error
  },
  onPartitionFailed: (_, error) => {
    throw error
  },
})
task.onDone = () => setImmediate(() => runner.drain())
const commits = setInterval(() => {
  runner.prefix.takeCommittable()
  traced?.spans.committing()()
}, 100)
let cpu = process.cpuUsage()
let startMs = performance.now()
task.onHalf = () => {
  cpu = process.cpuUsage()
  startMs = performance.now()
}
await runner.run()
clearInterval(commits)
const elapsedMs = performance.now() - startMs
const { user, system } = process.cpuUsage(cpu)
const perPart = (micros: number) => (micros / (task.parts - HALF)).toFixed(3)
console.log(
  `${task.parts} parts, ${task.acks} acknowledged: ${perPart(elapsedMs * 1000)} µs a part (${perPart(user + system)} µs of CPU)`,
)
