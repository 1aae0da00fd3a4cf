import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { describe, test } from 'node:test'
import { last, map, mergeMap, NEVER, type Observable, of, takeUntil, timer } from 'rxjs'
import type {
  ConnectError,
  ConnectRecord,
  Demand,
  SourceBatch,
  SourcePart,
  SourceTask,
  SourceTaskContext,
} from '../../../../../framework/index.ts'
import { ConformanceError, sourceConformance } from '../../../../../framework/testing/index.ts'
import { LogSource, logSourceOptions } from './log-source.ts'

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

const caught = new Set<string>()

/** A source that breaks this rule is told so, in these words. */
function catches(rule: string, said: RegExp, create: () => SourceTask): void {
  caught.add(rule)
  test(`caught: ${rule}`, async () => {
    const { run } = sourceConformance(logSourceOptions(create)).find(({ name }) => name === rule)!
    await assert.rejects(run(), (error: unknown) => {
      assert.ok(error instanceof ConformanceError, String(error))
      assert.equal(error.rule, rule)
      assert.match(error.message, said)
      assert.match(error.message, /\n {2}The contract: .+\n {2}To mend it: .+/)
      return true
    })
  })
}

describe('a right source keeps every rule', () => {
  for (const { name, run } of sourceConformance(logSourceOptions(() => new LogSource()))) test(name, run)
})

describe('a right source whose records have no end keeps every rule', () => {
  class Endless extends LogSource {
    override async start({ offsets }: SourceTaskContext): Promise<void> {
      const [stored] = await offsets([this.partition])
      this.next = Number(stored?.next ?? 0)
      this.log.append(this.next)
    }

    protected override async poll(demand: Demand): Promise<readonly SourcePart[]> {
      this.log.append(3)
      return super.poll(demand)
    }
  }
  for (const { name, run } of sourceConformance({ create: () => new Endless() })) test(name, run)
})

describe('a source whose offsets say nothing is not asked to go on', () => {
  const tests = sourceConformance({ ...logSourceOptions(() => new LogSource()), resumes: false })
  test('three rules fewer', () =>
    assert.equal(tests.length, sourceConformance(logSourceOptions(() => new LogSource())).length - 3))
})

class HoldsStop extends LogSource {
  override stop(): Promise<void> {
    return sleep(400)
  }
}
catches('a stop is prompt before anything was demanded', /The task did not stop \(waited 150 ms\)/, () => new HoldsStop())

class Deaf extends LogSource {
  protected override async more(): Promise<void> {
    await sleep(500)
  }
}
catches('a stop is prompt while demands are outstanding and the source has nothing', /did not stop/, () => new Deaf())
catches(
  'a pause ends long polls, and the task goes on afterwards',
  /not answered when their signal was aborted/,
  () => new Deaf(),
)

class NeverCompletes extends LogSource {
  override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    return mergeWithNever(super.batches(demand$))
  }
}
const mergeWithNever = (batch$: Observable<SourceBatch>): Observable<SourceBatch> =>
  of(batch$, NEVER).pipe(mergeMap(each$ => each$ as Observable<SourceBatch>))
catches('a stop is prompt before anything was demanded', /did not stop/, () => new NeverCompletes())

class HoldsOn extends LogSource {
  override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    demand$.subscribe()
    return super.batches(demand$)
  }
}
catches('unsubscription stops the task at once', /still listens to demand\$/, () => new HoldsOn())
catches('demand$ is subscribed to once', /subscribed to demand\$ 2 times/, () => new HoldsOn())

class SwallowsOffsets extends LogSource {
  override async start(context: SourceTaskContext): Promise<void> {
    await super.start({ ...context, offsets: partitions => context.offsets(partitions).catch(() => [null]) })
  }
}
catches('stop() works after start() has failed', /although the offsets could not be read/, () => new SwallowsOffsets())

class TakesAnything extends LogSource {
  override async start(context: SourceTaskContext): Promise<void> {
    await super.start(context).catch((error: Error) => {
      if (!error.message.startsWith('there is no log')) throw error
    })
  }
}
catches('stop() works after start() has failed', /resolved with the badConfig/, () => new TakesAnything())

class ClosesTooMuch extends LogSource {
  #client: { close(): void } | undefined
  override async start(context: SourceTaskContext): Promise<void> {
    await super.start(context)
    this.#client = { close: () => undefined }
  }
  override async stop(): Promise<void> {
    this.#client!.close()
  }
}
catches(
  'stop() works after start() has failed',
  /stop\(\) failed after start\(\) had failed: TypeError/,
  () => new ClosesTooMuch(),
)

describe('what is left running is named, with the place where it was made', () => {
  const left: NodeJS.Timeout[] = []
  class Ticks extends LogSource {
    override async start(context: SourceTaskContext): Promise<void> {
      await super.start(context)
      left.push(setInterval(() => undefined, 1_000))
    }
  }
  catches('nothing is left running', /still Timeout \(made at Ticks\.start .*source-conformance\.test\.ts/, () => new Ticks())
  const server = createServer()
  class Connects extends LogSource {
    override async start(context: SourceTaskContext): Promise<void> {
      await super.start(context)
      await new Promise<void>(resolve => (server.listening ? resolve() : server.listen(0, '127.0.0.1', resolve)))
      sockets.push(connect((server.address() as { port: number }).port, '127.0.0.1'))
    }
  }
  const sockets: ReturnType<typeof connect>[] = []
  catches('nothing is left running', /still .*TCP/, () => new Connects())
  test('(their end)', () => {
    for (const each of left) clearInterval(each)
    for (const each of sockets) each.destroy()
    server.close()
  })
})

class Twice extends LogSource {
  override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    return super.batches(demand$).pipe(mergeMap(batch => of(batch, { parts: [] })))
  }
}
catches('each demand is answered by exactly one batch', /emitted 2 batches for 1 demand/, () => new Twice())

class Unasked extends LogSource {
  override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    return timer(0, 1).pipe(
      map(() => ({ parts: [] })),
      takeUntil(demand$.pipe(last(null, null))),
    )
  }
}
catches('each demand is answered by exactly one batch', /before anything was demanded/, () => new Unasked())

class SkipsEmpty extends LogSource {
  override batches(demand$: Observable<Demand>): Observable<SourceBatch> {
    return super.batches(demand$).pipe(mergeMap(batch => (batch.parts.length === 0 ? [] : [batch])))
  }
  protected override async more(): Promise<void> {
    await sleep(1)
  }
  protected override async poll(demand: Demand): Promise<readonly SourcePart[]> {
    return super.poll({ ...demand, signal: AbortSignal.abort() })
  }
}
catches(
  'each demand is answered by exactly one batch',
  /did not answer a demand|were answered when the stream completed/,
  () => new SkipsEmpty(),
)

class Greedy extends LogSource {
  protected override async poll(demand: Demand): Promise<readonly SourcePart[]> {
    return super.poll({ ...demand, maxRecords: 100 })
  }
}
catches('a batch has no more records than its demand asks for', /5 records for a demand of 1/, () => new Greedy())

class TextAsBytes extends LogSource {
  protected override partOf(texts: readonly string[]): SourcePart {
    const records = texts.map(text => ({ topic: 'texts', key: null, value: text, headers: [], timestamp: -1 }))
    return { ...super.partOf(texts), records: records as unknown as SourcePart['records'] }
  }
}
catches(
  'records are of the kind that the contract says',
  /The value of a record of texts is neither bytes nor null, but a string/,
  () => new TextAsBytes(),
)

class Nowhere extends LogSource {
  protected override partOf(texts: readonly string[]): SourcePart {
    const part = super.partOf(texts)
    return {
      ...part,
      records: (part.records as readonly ConnectRecord[]).map(record => ({ ...record, topic: '' })) as SourcePart['records'],
    }
  }
}
catches('records are of the kind that the contract says', /has the topic ""/, () => new Nowhere())

const withOffset = (offset: (next: number) => unknown) =>
  class extends LogSource {
    protected override partOf(texts: readonly string[]): SourcePart {
      return { ...super.partOf(texts), sourceOffset: { next: offset(this.next) } as SourcePart['sourceOffset'] }
    }
  }
const PLAIN = 'source partitions and offsets are plain values that JSON keeps'
for (const [said, offset] of [
  [/next of sourceOffset is an object/, (next: number) => new Date(next)],
  [/next of sourceOffset is the bigint 1/, (next: number) => BigInt(next)],
  [/next of sourceOffset is the undefined/, () => undefined],
  [/next of sourceOffset is the number NaN/, () => Number.NaN],
  [/next of sourceOffset is the number 9007199254740993|9007199254740994/, (next: number) => 2 ** 53 + 2 * next],
] as const) {
  catches(PLAIN, said, () => new (withOffset(offset))())
}

class OneOffset extends LogSource {
  readonly #offset = { next: 0 }
  protected override partOf(texts: readonly string[]): SourcePart {
    this.#offset.next = this.next
    return { ...super.partOf(texts), sourceOffset: this.#offset }
  }
}
catches(PLAIN, /became .* after it was emitted/, () => new OneOffset())
catches(
  'after a kill, what was not committed comes again and what was committed does not',
  /did not come again/,
  () => new OneOffset(),
)

class BeginsAnew extends LogSource {
  override async start(context: SourceTaskContext): Promise<void> {
    await super.start(context)
    this.next = 0
  }
}
catches(
  'a restart goes on behind what was committed, without loss or repeat',
  /came again that were committed/,
  () => new BeginsAnew(),
)
catches(
  'after a kill, what was not committed comes again and what was committed does not',
  /came again though they were committed/,
  () => new BeginsAnew(),
)

class OneTooFar extends LogSource {
  override async start(context: SourceTaskContext): Promise<void> {
    await super.start(context)
    if (this.next > 0) this.next++
  }
}
catches('a restart goes on behind what was committed, without loss or repeat', /Only 0 of 1 records/, () => new OneTooFar())
catches(
  'after a kill, what was not committed comes again and what was committed does not',
  /were not committed and did not come again/,
  () => new OneTooFar(),
)

class RemovesAtOnce extends LogSource {
  protected override async poll(demand: Demand): Promise<readonly SourcePart[]> {
    const parts = await super.poll(demand)
    for (let i = 0; i < this.next; i++) delete this.log.texts[i]
    return parts
  }
  override async start(context: SourceTaskContext): Promise<void> {
    await super.start(context)
    while (this.next < this.log.texts.length && this.log.texts[this.next] === undefined) this.next++
  }
}
catches(
  'what was not acknowledged comes again, even after a clean stop',
  /were not committed and did not come again/,
  () => new RemovesAtOnce(),
)

class Throttled extends LogSource {
  #isPaused = false
  override throttle(_: object, state: 'paused' | 'resumed'): void {
    this.#isPaused = state === 'paused'
  }
  protected override async poll(demand: Demand): Promise<readonly SourcePart[]> {
    return this.#isPaused ? [] : super.poll(demand)
  }
}
describe('a right source that can be throttled keeps every rule', () => {
  for (const { name, run } of sourceConformance(logSourceOptions(() => new Throttled()))) test(name, run)
})
const THROTTLED = 'a source partition that is throttled is not read until it is resumed'

class ReadsOn extends LogSource {
  override throttle(): void {
    assert.ok(true)
  }
}
catches(THROTTLED, /came although their source partition was paused/, () => new ReadsOn())

class Stuck extends Throttled {
  override throttle(partition: object): void {
    super.throttle(partition, 'paused')
  }
}
catches(THROTTLED, /Only 0 of 1 records/, () => new Stuck())

class Throws extends LogSource {
  override refused(_: object, error: ConnectError): void {
    throw error
  }
}
catches('acknowledged, refused and throttle do not throw', /refused\(\) threw ConnectError/, () => new Throws())

class Fails extends LogSource {
  protected override async poll(): Promise<readonly SourcePart[]> {
    throw new Error('the disk is on fire')
  }
}
catches('each demand is answered by exactly one batch', /^the disk is on fire\.\n/, () => new Fails())

test('each rule is broken by somebody here', () => {
  const rules = sourceConformance(logSourceOptions(() => new LogSource())).map(({ name }) => name)
  assert.deepEqual(
    rules.filter(name => !caught.has(name)),
    [],
  )
})
