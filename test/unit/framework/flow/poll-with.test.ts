import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastValueFrom, map, Subject, toArray } from 'rxjs'
import { ConnectError, type Demand, type SourcePart, SourceTask } from '../../../../framework/api/index.ts'
import { Backoff } from '../../../../framework/flow/backoff.ts'
import { pollWith } from '../../../../framework/flow/poll-with.ts'
import { TaskHarness } from '../../../../framework/testing/index.ts'

const part = (offset: number): SourcePart => ({ sourcePartition: { of: 'test' }, sourceOffset: { offset }, records: [] })

function demands(count: number, signal = new AbortController().signal): { demand$: Subject<Demand>; give: () => void } {
  const demand$ = new Subject<Demand>()
  const give = () => {
    for (let i = 0; i < count; i++) demand$.next({ maxBytes: 1, maxRecords: 1, signal })
    demand$.complete()
  }
  return { demand$, give }
}

test('answers each demand by one batch, one poll at a time', async () => {
  let polling = 0
  let maxPolling = 0
  let offset = 0
  const { demand$, give } = demands(5)
  const poll = pollWith(async () => {
    maxPolling = Math.max(maxPolling, ++polling)
    await new Promise(setImmediate)
    polling--
    return [part(offset++)]
  })
  const offsets = lastValueFrom(
    demand$.pipe(
      poll,
      map(batch => batch.parts[0]?.sourceOffset.offset),
      toArray(),
    ),
  )
  give()
  assert.deepEqual(await offsets, [0, 1, 2, 3, 4])
  assert.equal(maxPolling, 1)
})

test('a retriable error is repeated and told of, another one fails the task', async () => {
  const told: string[] = []
  let calls = 0
  const { demand$, give } = demands(2)
  const poll = pollWith(
    async () => {
      calls++
      if (calls === 1) throw new ConnectError('AWAY', 'source away', { kind: 'retriable', stage: 'poll' })
      if (calls === 3) throw new Error('broken')
      return [part(calls)]
    },
    { backoff: new Backoff({ initialMs: 1, maxMs: 1 }), onRetry: error => told.push(error.message) },
  )
  const batches = lastValueFrom(demand$.pipe(poll))
  give()
  await assert.rejects(batches, /broken/)
  assert.deepEqual(told, ['source away'])
})

test('nothing found waits before the next poll, and an abort ends the wait', async () => {
  const abort = new AbortController()
  const { demand$, give } = demands(1, abort.signal)
  const batches = lastValueFrom(demand$.pipe(pollWith(async () => null, { idleMs: 60_000 })))
  give()
  setImmediate(() => abort.abort())
  assert.deepEqual(await batches, { parts: [] })
})

test('an error after the abort counts as nothing found', async () => {
  const abort = new AbortController()
  const { demand$, give } = demands(1, abort.signal)
  const poll = pollWith(async () => {
    abort.abort()
    throw new Error('aborted')
  })
  const batches = lastValueFrom(demand$.pipe(poll))
  give()
  assert.deepEqual(await batches, { parts: [] })
})

test('a whole source in a few lines', async () => {
  class Counter extends SourceTask {
    #next = 0
    async start() {
      this.#next = 10
    }
    batches = pollWith(async () => [part(this.#next++)])
  }
  const harness = await TaskHarness.start(new Counter())
  const batch = await harness.demand()
  assert.deepEqual(batch.parts, [part(10)])
  await harness.stop()
})
