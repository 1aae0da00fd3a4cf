import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Backoff, retryWithBackoff, sleep } from '../../../../framework/flow/backoff.ts'

test('grows by its factor up to its limit, within the jitter', () => {
  const middle = new Backoff({ initialMs: 100, maxMs: 1000 }, () => 0.5)
  assert.deepEqual(
    Array.from({ length: 6 }, () => middle.next()),
    [100, 200, 400, 800, 1000, 1000],
  )
  const low = new Backoff({ initialMs: 100, maxMs: 1000, jitter: 0.5 }, () => 0)
  assert.equal(low.next(), 50)
  assert.equal(middle.attempts, 6)
  middle.reset()
  assert.equal(middle.next(), 100)
})

test('retries until it succeeds, waiting longer each time', async () => {
  const waited: number[] = []
  let calls = 0
  const job = async () => {
    if (++calls < 4) throw new Error('not yet')
    return 'done'
  }
  const result = await retryWithBackoff(job, {
    backoff: new Backoff({ initialMs: 10, maxMs: 1000 }, () => 0.5),
    isRetriable: () => true,
    wait: async ms => void waited.push(ms),
  })
  assert.equal(result, 'done')
  assert.deepEqual(waited, [10, 20, 40])
})

test('an error that is not retriable is thrown at once, and so is the last one after the abort', async () => {
  const backoff = () => new Backoff({ initialMs: 60_000, maxMs: 60_000 })
  const fail = async () => {
    throw new Error('broken')
  }
  await assert.rejects(retryWithBackoff(fail, { backoff: backoff(), isRetriable: () => false }), /broken/)
  const abort = new AbortController()
  const retried = retryWithBackoff(fail, {
    backoff: backoff(),
    isRetriable: () => true,
    signal: abort.signal,
    onRetry: () => abort.abort(),
  })
  await assert.rejects(retried, /broken/)
})

test('sleep ends at the abort without an error', async () => {
  const abort = new AbortController()
  const slept = sleep(60_000, abort.signal)
  abort.abort()
  await slept
  await sleep(60_000, abort.signal)
})
