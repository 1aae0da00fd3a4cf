import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { concatMap, filter, map, mergeMap, Observable, of, Subject } from 'rxjs'
import {
  ConnectError,
  type SinkAck,
  type SinkBatch,
  type SinkPartition,
  type SinkTask,
  type SinkTaskContext,
} from '../../../../../framework/index.ts'
import { ConformanceError, sinkConformance } from '../../../../../framework/testing/index.ts'
import { ListSink, listOf, listSinkOptions } from './list-sink.ts'

const caught = new Set<string>()

/** A sink that breaks this rule is told so, in these words. */
function catches(rule: string, said: RegExp, create: () => SinkTask): void {
  caught.add(rule)
  test(`caught: ${rule}`, async () => {
    const { run } = sinkConformance(listSinkOptions(create)).find(({ name }) => name === rule)!
    await assert.rejects(run(), (error: unknown) => {
      assert.ok(error instanceof ConformanceError, String(error))
      assert.equal(error.rule, rule)
      assert.match(error.message, said)
      assert.match(error.message, /\n {2}The contract: .+\n {2}To mend it: .+/)
      return true
    })
  })
}

/** Holds back what it is given until it is told to write it. */
class HoldsBack extends ListSink {
  readonly acks = new Subject<SinkAck>()
  readonly held: SinkBatch[] = []

  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    return new Observable(subscriber => {
      subscriber.add(this.acks.subscribe(subscriber))
      subscriber.add(batch$.subscribe({ next: batch => this.held.push(batch), complete: () => subscriber.complete() }))
    })
  }

  override async flush(partitions: readonly SinkPartition[]): Promise<void> {
    const isMeant = (batch: SinkBatch): boolean =>
      partitions.some(({ topic, partition }) => topic === batch.topic && partition === batch.partition)
    for (const batch of this.held.splice(0)) {
      if (!isMeant(batch)) this.held.push(batch)
      else {
        await this.write(batch)
        this.acks.next({ batch })
      }
    }
  }

  override async close(partitions: readonly SinkPartition[]): Promise<void> {
    const isGone = (batch: SinkBatch): boolean => partitions.some(({ partition }) => partition === batch.partition)
    this.held.splice(0, this.held.length, ...this.held.filter(batch => !isGone(batch)))
  }
}

describe('a right sink keeps every rule', () => {
  for (const { name, run } of sinkConformance(listSinkOptions(() => new ListSink()))) test(name, run)
})

describe('a right sink that holds back keeps every rule', () => {
  const { interrupt: _, ...options } = listSinkOptions(() => new HoldsBack())
  for (const { name, run } of sinkConformance(options)) test(name, run)
})

/** Keeps the place of each partition beside the values, and goes on there. */
class OwnOffsets extends ListSink {
  #context: SinkTaskContext | undefined
  override async start(context: SinkTaskContext): Promise<void> {
    await super.start(context)
    this.#context = context
  }
  override async open(partitions: readonly SinkPartition[]): Promise<void> {
    for (const each of partitions) this.#context?.seek(each, this.list.offsets.get(`${each.partition}`) ?? 0)
  }
  protected override async write(batch: SinkBatch): Promise<void> {
    await super.write(batch)
    this.list.offsets.set(`${batch.partition}`, batch.lastOffset + 1)
  }
}

describe('a right sink that keeps its own offsets keeps every rule', () => {
  for (const { name, run } of sinkConformance(listSinkOptions(() => new OwnOffsets()))) test(name, run)
})

/** Writes values, which are read as JSON. */
class ValuesSink extends ListSink {
  protected override async write(batch: SinkBatch): Promise<void> {
    for (const { value, original } of await batch.values()) {
      if (value !== null) assert.equal(typeof value, 'object')
      this.list.values.set(`${original.partition}@${original.offset}`, JSON.stringify(value))
    }
  }
}

describe('a right sink of values keeps every rule', () => {
  const { interrupt: _, ...options } = listSinkOptions(() => new ValuesSink())
  for (const { name, run } of sinkConformance({ ...options, record: number => ({ json: { number } }) })) test(name, run)
})

test('a suite that is told less asks less', () => {
  assert.equal(
    sinkConformance(listSinkOptions(() => new ListSink())).length,
    sinkConformance({ create: () => new ListSink() }).length + 3,
  )
})

class HoldsStop extends ListSink {
  override stop(): Promise<void> {
    return sleep(500)
  }
}
catches('a stop is prompt when there is nothing to do', /The task did not stop \(waited 200 ms\)/, () => new HoldsStop())

class NeverCompletes extends ListSink {
  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    return new Observable(subscriber => batch$.pipe(this.each).subscribe(ack => subscriber.next(ack)))
  }
}
catches('a stop is prompt when there is nothing to do', /did not stop/, () => new NeverCompletes())

class Slow extends ListSink {
  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    return batch$.pipe(
      concatMap(async batch => {
        await sleep(50)
        await this.write(batch)
        return { batch }
      }),
    )
  }
}
catches('a stop is prompt while batches are queued in the task', /did not stop/, () => new Slow())
catches('a partition that is taken away is finished first, and loses nothing', /did not finish the partition/, () => new Slow())

class HoldsOn extends ListSink {
  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    batch$.subscribe()
    return batch$.pipe(this.each)
  }
}
catches('unsubscription stops the task at once', /still listens for batches/, () => new HoldsOn())

class TakesAnything extends ListSink {
  override async start({ config }: SinkTaskContext): Promise<void> {
    if (config.list !== 'none') this.list = listOf(config.list)
  }
}
catches('stop() works after start() has failed', /resolved with the badConfig/, () => new TakesAnything())

class ClosesTooMuch extends ListSink {
  #client: { close(): void } | undefined
  override async start(context: SinkTaskContext): Promise<void> {
    await super.start(context)
    this.#client = { close: () => undefined }
  }
  override async stop(): Promise<void> {
    this.#client!.close()
  }
}
catches('stop() works after start() has failed', /Cannot read properties of undefined/, () => new ClosesTooMuch())

describe('what is left running is named, with the place where it was made', () => {
  const left: NodeJS.Timeout[] = []
  class Ticks extends ListSink {
    override async start(context: SinkTaskContext): Promise<void> {
      await super.start(context)
      left.push(setInterval(() => undefined, 1_000))
    }
  }
  catches('nothing is left running', /still Timeout \(made at Ticks\.start .*sink-conformance\.test\.ts/, () => new Ticks())
  test('(its end)', () => {
    for (const each of left) clearInterval(each)
  })
})

class WritesLater extends ListSink {
  protected override async write(batch: SinkBatch): Promise<void> {
    const copy = Object.create(batch, { records: { value: () => records } }) as SinkBatch
    const records = batch.records()
    setTimeout(() => void this.list.write(copy), 50)
  }
}
catches('nothing is written or acknowledged after a stop', /records were written after stop\(\)/, () => new WritesLater())
catches(
  'what is acknowledged has been written',
  /that were acknowledged are not in the target, the first of them record 0/,
  () => new WritesLater(),
)
catches('flush writes what is held back', /that were flushed are not in the target/, () => new WritesLater())
catches(
  'a partition that is taken away is finished first, and loses nothing',
  /that were committed when/,
  () => new WritesLater(),
)
catches(
  'a further task goes on where the one before it has ended',
  /of the first and the second task are not/,
  () => new WritesLater(),
)

const withAcks = (change: (ack$: Observable<SinkAck>) => Observable<SinkAck>) =>
  class extends ListSink {
    override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
      return change(batch$.pipe(this.each))
    }
  }
const ACKS = 'each batch is acknowledged exactly once'
catches(ACKS, /acknowledged 2 times/, () => new (withAcks(mergeMap(ack => of(ack, ack))))())
catches(ACKS, /not one it was given/, () => new (withAcks(map(({ batch }) => ({ batch: { ...batch } }))))())
catches(
  ACKS,
  /were not acknowledged, neither by themselves nor after flush/,
  () => new (withAcks(filter(({ batch }) => batch.partition !== 1)))(),
)
catches(ACKS, /not acknowledged/, () => new (withAcks(map(({ batch }) => ({ batch, nextOffset: batch.lastOffset }))))())

class Unwilling extends HoldsBack {
  override async flush(): Promise<void> {
    await Promise.resolve()
  }
}
catches('flush writes what is held back', /were not acknowledged, neither by themselves nor after flush/, () => new Unwilling())

class AllTogether extends ListSink {
  readonly #waiting = new Map<number, SinkBatch[]>()
  /** Writes a batch of each of three partitions at a time. */
  override deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
    return batch$.pipe(
      concatMap(async batch => {
        this.#waiting.set(batch.partition, [...(this.#waiting.get(batch.partition) ?? []), batch])
        if (this.#waiting.size < 3) return []
        const ready = [...this.#waiting.values()].flat()
        this.#waiting.clear()
        for (const each of ready) await this.write(each)
        return ready
      }),
      mergeMap(batches => batches.map(batch => ({ batch }))),
    )
  }
}
catches('partitions do not depend on each other', /not acknowledged|could not be given back/, () => new AllTogether())

class ByNumber extends ListSink {
  #next = 0
  protected override async write(batch: SinkBatch): Promise<void> {
    for (const { value } of batch.records()) this.list.values.set(`${this.#number} ${this.#next++}`, String(value))
  }
  readonly #number = runs++
}
let runs = 0
catches('records that are delivered again after a kill do no harm', /is in the target twice/, () => new ByNumber())

class GivesUp extends ListSink {
  protected override async write(batch: SinkBatch): Promise<void> {
    await super.write(batch).catch(() => undefined)
  }
}
catches(
  'a failure in passing is tried again, and nothing is lost by it',
  /that met the failure are not in the target/,
  () => new GivesUp(),
)

class Dies extends ListSink {
  protected override async write(batch: SinkBatch): Promise<void> {
    await super.write(batch).catch((cause: Error) => {
      throw new ConnectError('BUSY', cause.message, { kind: 'partition', stage: 'deliver' })
    })
  }
}
catches(
  'a failure in passing is tried again, and nothing is lost by it',
  /The task failed conformance-\d: the list is busy/,
  () => new Dies(),
)

class Overwrites extends ListSink {
  override async start(context: SinkTaskContext): Promise<void> {
    await super.start(context)
    this.list.values.clear()
  }
}
catches(
  'a further task goes on where the one before it has ended',
  /3 of 6 records of the first and the second task/,
  () => new Overwrites(),
)

class ThrowsInClose extends ListSink {
  override async close(_: unknown, reason: string): Promise<void> {
    if (reason === 'lost') throw new Error('it cannot be: there is something left')
  }
}
catches('a partition that is lost leaves the others alone, and its records come again', /it cannot be/, () => new ThrowsInClose())

class Once extends ListSink {
  readonly #opened = new Set<number>()
  override async open(partitions: readonly SinkPartition[]): Promise<void> {
    for (const { partition } of partitions) {
      if (this.#opened.has(partition)) throw new Error(`${partition} is open already`)
      this.#opened.add(partition)
    }
  }
}
catches('a partition may go and come back', /0 is open already/, () => new Once())

class NeedsValues extends ListSink {
  protected override async write(batch: SinkBatch): Promise<void> {
    for (const { value } of batch.records()) assert.ok(value!.length > 0, 'no value')
    await super.write(batch)
  }
}
catches('tombstones, missing keys and empty values are taken', /null|no value/, () => new NeedsValues())

test('each rule is broken by somebody here', () => {
  const rules = sinkConformance(listSinkOptions(() => new ListSink())).map(({ name }) => name)
  assert.deepEqual(
    rules.filter(name => !caught.has(name)),
    [],
  )
})
