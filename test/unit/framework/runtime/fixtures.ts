import { type Observable, Subject } from 'rxjs'
import {
  ConnectError,
  type Demand,
  type SourceAck,
  type SourceBatch,
  type SourceOffset,
  type SourcePart,
  type SourcePartition,
  SourceTask,
  type SourceTaskContext,
} from '../../../../framework/api/index.ts'
import type { SourceTaskSettings } from '../../../../framework/runtime/index.ts'
import { encoded } from '../../../../framework/testing/index.ts'

export const settings: SourceTaskSettings = {
  windowBytes: 1_000,
  permitBytes: 250,
  maxRecords: 10,
  flushIntervalMs: 5,
  flushTimeoutMs: 200,
  gracefulTimeoutMs: 2_000,
}

export const source = (name: string): SourcePartition => ({ name })

/** A part of `bytes` bytes and 10 records for partition 0 of the topic named like its source. */
export function partOf(partition: SourcePartition, offset: number, bytes = 100, topic = String(partition.name)): SourcePart {
  return { sourcePartition: partition, sourceOffset: { offset }, records: encoded(topic, 0, 10, bytes) }
}

export function fatal(message: string): ConnectError {
  return new ConnectError('TEST_FATAL', message, { kind: 'fatal', stage: 'produce' })
}

export function ofPartition(message: string): ConnectError {
  return new ConnectError('TEST_PARTITION', message, { kind: 'partition', stage: 'produce' })
}

/** A task whose batches the test emits; it keeps what the runtime told it. */
export class ManualTask extends SourceTask {
  readonly batch$ = new Subject<SourceBatch>()
  readonly demands: Demand[] = []
  readonly acks: SourceAck[] = []
  readonly refusals: { readonly partition: SourcePartition; readonly error: ConnectError }[] = []
  readonly throttles: string[] = []
  context: SourceTaskContext | undefined
  demandCompleted = false
  unsubscribed = false
  stopped = 0

  async start(context: SourceTaskContext): Promise<void> {
    this.context = context
  }

  batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    demand$.subscribe({
      next: demand => this.demands.push(demand),
      complete: () => {
        this.demandCompleted = true
        this.onDemandComplete()
      },
    })
    return this.batch$
  }

  /** By default the stream ends with the demand. */
  onDemandComplete(): void {
    this.batch$.complete()
  }

  emit(...parts: SourcePart[]): void {
    this.batch$.next({ parts })
  }

  override acknowledged(ack: SourceAck): void {
    this.acks.push(ack)
  }

  override refused(partition: SourcePartition, error: ConnectError): void {
    this.refusals.push({ partition, error })
  }

  override throttle(partition: SourcePartition, state: 'paused' | 'resumed'): void {
    this.throttles.push(`${partition.name} ${state}`)
  }

  override async stop(): Promise<void> {
    this.stopped++
  }
}

/** Counts upwards in each of its partitions, from the stored offsets on, as fast as demand comes; ends each at `limit`. */
export class CountingTask extends SourceTask {
  partitions: readonly SourcePartition[]
  readonly limit: number
  readonly acks: SourceAck[] = []
  #next: number[]

  constructor(names: readonly string[], limit: number) {
    super()
    this.partitions = names.map(source)
    this.limit = limit
    this.#next = names.map(() => 0)
  }

  async start(context: SourceTaskContext): Promise<void> {
    const stored = await context.offsets(this.partitions)
    this.#next = stored.map((offset: SourceOffset | null) => (offset === null ? 0 : Number(offset.offset) + 1))
  }

  batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    const batch$ = new Subject<SourceBatch>()
    demand$.subscribe({
      next: () => batch$.next({ parts: this.#nextParts() }),
      complete: () => batch$.complete(),
    })
    return batch$
  }

  override acknowledged(ack: SourceAck): void {
    this.acks.push(ack)
  }

  #nextParts(): SourcePart[] {
    return this.partitions.flatMap((partition, i) => {
      if (this.#next[i]! >= this.limit) return []
      return [partOf(partition, this.#next[i]!++, 50)]
    })
  }
}

/** The same numbers between 0 and 1 in each run. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Resolves once the condition holds; checked each turn of the event loop, for at most 5 s. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const endsAtMs = performance.now() + 5_000
  while (!condition()) {
    if (performance.now() > endsAtMs) throw new Error(`${what} did not come true`)
    await new Promise(setImmediate)
  }
}
