import assert from 'node:assert/strict'
import { map, type Observable, type OperatorFunction, tap } from 'rxjs'
import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import type { Demand, SinkAck, SinkBatch, SourceBatch } from '../api/index.ts'

/** What an operator is given and what comes of it, drawn as marbles: a frame is a millisecond, `(ab)` is at once, `|` the end, `#` an error. */
export interface BatchesFlow {
  readonly operator: OperatorFunction<Demand, SourceBatch>
  /** Each letter is a demand. */
  readonly demands: string
  /** Each letter is a batch: `a` the first that is emitted, `b` the second, and so on; or those of `values`. */
  readonly batches: string
  readonly values?: Readonly<Record<string, SourceBatch>>
  /** Demands that are not answered, at most: exactly so many. */
  readonly maxOutstanding?: number
  /** When it is unsubscribed from: `---!`. */
  readonly unsubscribe?: string
}

export interface DeliverFlow {
  readonly operator: OperatorFunction<SinkBatch, SinkAck>
  /** Each letter is a batch of one record; those of `values`, or of the partition 0. */
  readonly batches: string
  readonly values?: Readonly<Record<string, SinkBatch>>
  /** Each letter is an acknowledgement of the batch of that letter. */
  readonly acks: string
  /** Batches that are not acknowledged, at most: exactly so many. */
  readonly maxInFlight?: number
  readonly unsubscribe?: string
}

export interface MarbleHelpers extends RunHelpers {
  /** For code that takes a scheduler, or runs work later. */
  readonly scheduler: TestScheduler
  readonly expectBatches: (flow: BatchesFlow) => void
  readonly expectAcks: (flow: DeliverFlow) => void
}

/**
 * Runs marble tests in the virtual time of rxjs. For operators of rxjs (`mergeMap`, `delay`, …); promises know nothing of that time: test what
 * awaits with a harness and a `FakeClock`.
 *
 * @example
 * marbles(({ expectBatches }) => {
 *   const operator = mergeMap(() => timer(3).pipe(map(() => ({ parts: [] }))), 2)
 *   expectBatches({ operator, demands: '(ddd)----|', batches: '---(ab)--(c|)', maxOutstanding: 3 })
 * })
 */
export function marbles(run: (helpers: MarbleHelpers) => void): void {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected))
  const checks: (() => void)[] = []
  scheduler.run(helpers => {
    const expectBatches = (flow: BatchesFlow): void => void checks.push(...batchesChecked(helpers, flow))
    const expectAcks = (flow: DeliverFlow): void => void checks.push(...acksChecked(helpers, flow))
    run({ ...helpers, scheduler, expectBatches, expectAcks })
  })
  for (const check of checks) check()
}

/** A batch of one record for tests without a pipeline: its partition, offset and text. */
export function sinkBatch(parts: Partial<SinkBatch> = {}, text = ''): SinkBatch {
  const { topic = 'test', partition = 0, firstOffset = 0 } = parts
  const timestampType = 'CreateTime' as const
  const record = {
    topic,
    partition,
    offset: firstOffset,
    key: null,
    value: Buffer.from(text),
    headers: [],
    timestamp: -1,
    timestampType,
  }
  const value = { ...record, keySchema: null, valueSchema: null, value: text, headers: [], original: record }
  return {
    topic,
    partition,
    firstOffset,
    lastOffset: firstOffset,
    count: 1,
    byteLength: 1,
    deliveries: 1,
    signal: NEVER_ABORTED,
    records: () => [record],
    values: async () => [value],
    errantRecords: null,
    ...parts,
  }
}

const NEVER_ABORTED = new AbortController().signal
const DEMAND: Demand = { maxBytes: 1_048_576, maxRecords: 1_000, signal: NEVER_ABORTED }

function batchesChecked({ hot, expectObservable }: RunHelpers, flow: BatchesFlow): (() => void)[] {
  const { operator, demands, batches, values, maxOutstanding, unsubscribe } = flow
  const demand$ = hot(demands).pipe(map((): Demand => DEMAND))
  const meter = new Meter()
  const batch$ = meter.around(demand$, operator)
  if (values === undefined) expectObservable(batch$.pipe(map((_, i) => String.fromCharCode(A + i))), unsubscribe).toBe(batches)
  else expectObservable(batch$, unsubscribe).toBe(batches, values)
  return meter.checked('demands were outstanding', maxOutstanding)
}

function acksChecked({ hot, expectObservable }: RunHelpers, flow: DeliverFlow): (() => void)[] {
  const { operator, batches, values, acks, maxInFlight, unsubscribe } = flow
  const names = [...new Set(batches.match(/[a-z]/gi) ?? [])]
  const byName = values ?? Object.fromEntries(names.map((name, firstOffset) => [name, sinkBatch({ firstOffset }, name)]))
  const nameOf = (ack: SinkAck): string => names.find(name => byName[name] === ack.batch) ?? '?'
  const meter = new Meter()
  const ack$ = meter.around(hot(batches, byName), operator)
  expectObservable(ack$.pipe(map(nameOf)), unsubscribe).toBe(acks)
  return meter.checked('batches were in flight', maxInFlight)
}

const A = 'a'.charCodeAt(0)

/** Counts what went into an operator and has not come out. */
class Meter {
  #present = 0
  #max = 0

  around<I, O>(input$: Observable<I>, operator: OperatorFunction<I, O>): Observable<O> {
    const count = (change: number): void => {
      this.#present += change
      this.#max = Math.max(this.#max, this.#present)
    }
    return input$.pipe(
      tap(() => count(1)),
      operator,
      tap(() => count(-1)),
    )
  }

  checked(what: string, expected: number | undefined): (() => void)[] {
    return expected === undefined
      ? []
      : [() => assert.equal(this.#max, expected, `${this.#max} ${what} at most, not ${expected}`)]
  }
}
