import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Subject } from 'rxjs'
import { ConnectError, type SinkAck, type SinkBatch } from '../../../../framework/api/index.ts'
import { deferred, eachBatch } from '../../../../framework/flow/index.ts'
import { sinkBatch } from '../../../../framework/testing/index.ts'

const busy = new ConnectError('BUSY', 'come back later', { kind: 'retriable', stage: 'deliver' })

const batchOf = (partition: number, firstOffset: number, signal = new AbortController().signal): SinkBatch =>
  sinkBatch({ partition, firstOffset, signal })

const nameOf = ({ partition, firstOffset }: SinkBatch): string => `${partition}/${firstOffset}`

/** Writes end when the test says so. */
class Writes {
  readonly begun: string[] = []
  readonly acks: SinkAck[] = []
  readonly batch$ = new Subject<SinkBatch>()
  readonly ended = deferred()
  max = 0
  #running = 0
  readonly #waiting = new Map<string, (error?: Error) => void>()

  constructor(options: Parameters<typeof eachBatch>[1] = {}) {
    this.batch$.pipe(eachBatch(batch => this.#write(batch), options)).subscribe({
      next: ack => this.acks.push(ack),
      error: error => this.ended.reject(error),
      complete: () => this.ended.resolve(),
    })
  }

  async end(name: string, error?: Error): Promise<void> {
    this.#waiting.get(name)?.(error)
    await turn()
  }

  #write(batch: SinkBatch): Promise<void> {
    const { promise, resolve, reject } = deferred()
    this.begun.push(nameOf(batch))
    this.max = Math.max(this.max, ++this.#running)
    this.#waiting.set(nameOf(batch), error => {
      this.#running--
      if (error === undefined) resolve()
      else reject(error)
    })
    return promise
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('writes one batch at a time of each partition, in order, partitions beside each other', async () => {
  const writes = new Writes()
  for (const batch of [batchOf(0, 0), batchOf(0, 1), batchOf(1, 0)]) writes.batch$.next(batch)
  writes.batch$.complete()
  await turn()
  assert.deepEqual(writes.begun, ['0/0', '1/0'])
  await writes.end('0/0')
  assert.deepEqual(writes.begun, ['0/0', '1/0', '0/1'])
  await writes.end('0/1')
  await writes.end('1/0')
  await writes.ended.promise
  assert.deepEqual(
    writes.acks.map(({ batch }) => nameOf(batch)),
    ['0/0', '0/1', '1/0'],
  )
  assert.equal(writes.max, 2)
})

test('with order `all` writes one batch at a time', async () => {
  const writes = new Writes({ order: 'all' })
  for (const batch of [batchOf(0, 0), batchOf(1, 0)]) writes.batch$.next(batch)
  await turn()
  await writes.end('0/0')
  await writes.end('1/0')
  assert.deepEqual([writes.begun, writes.max], [['0/0', '1/0'], 1])
})

test('tries a batch again after a retriable error, and says so', async () => {
  const writes = new Writes({ backoff: { initialMs: 1, maxMs: 1 } })
  const batch = batchOf(0, 0)
  writes.batch$.next(batch)
  await turn()
  await writes.end('0/0', busy)
  while (writes.begun.length < 2) await turn()
  await writes.end('0/0')
  assert.deepEqual(writes.acks, [{ batch, error: busy }, { batch }])
})

test('does not begin with a batch whose signal is aborted, ends waiting for one that failed, and answers both', async () => {
  const writes = new Writes({ backoff: { initialMs: 60_000, maxMs: 60_000 } })
  const leaving = new AbortController()
  const [first, second] = [batchOf(0, 0, leaving.signal), batchOf(0, 1, leaving.signal)]
  writes.batch$.next(first)
  writes.batch$.next(second)
  writes.batch$.complete()
  await turn()
  await writes.end('0/0', busy)
  leaving.abort()
  await writes.ended.promise
  assert.deepEqual(writes.acks.slice(1), [
    { batch: first, nextOffset: 0 },
    { batch: second, nextOffset: 1 },
  ])
  assert.deepEqual(writes.begun, ['0/0'])
})

test('any other error ends the stream', async () => {
  const writes = new Writes()
  const ended = assert.rejects(writes.ended.promise, /a bug/)
  writes.batch$.next(batchOf(0, 0))
  await turn()
  await writes.end('0/0', new Error('a bug'))
  await ended
})
