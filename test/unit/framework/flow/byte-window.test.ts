import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delay, map, mergeMap, of, tap } from 'rxjs'
import type { TestScheduler } from 'rxjs/testing'
import { ByteWindow } from '../../../../framework/flow/byte-window.ts'
import { marbles } from '../../../../framework/testing/index.ts'

const signal = new AbortController().signal

function windowOf(capacityBytes: number, permitBytes: number, scheduler?: TestScheduler): ByteWindow {
  const hop = scheduler === undefined ? (work: () => void) => work() : (work: () => void) => void scheduler.schedule(work)
  return new ByteWindow({ capacityBytes, permitBytes, maxRecords: 10, signal, hop })
}

test('grants a permit for each share of the window that is free', () => {
  marbles(({ expectObservable, scheduler }) => {
    const window = windowOf(100, 30, scheduler)
    expectObservable(window.demand$.pipe(map(demand => demand.maxBytes))).toBe('(aaa)', { a: 30 })
  })
})

test('a batch smaller than its permit gives room at once, its own bytes when acknowledged', () => {
  marbles(({ expectObservable, flush, cold, scheduler }) => {
    const window = windowOf(60, 30, scheduler)
    cold('--a--b--c|', { a: () => window.answered(10), b: () => window.answered(20), c: () => window.release(10) }).subscribe(
      act => act(),
    )
    expectObservable(window.demand$.pipe(map(() => 'd'))).toBe('(dd)-d', { d: 'd' })
    flush()
    assert.equal(window.usedBytes, 50)
  })
})

test('never exceeds the window, whatever the delays, and keeps it full', () => {
  marbles(({ expectObservable, flush, scheduler }) => {
    const window = windowOf(100, 25, scheduler)
    let maxUsed = 0
    let inFlight = 0
    let maxInFlight = 0
    let delivered = 0
    const run$ = window.demand$.pipe(
      tap(() => {
        maxInFlight = Math.max(maxInFlight, ++inFlight)
        maxUsed = Math.max(maxUsed, window.usedBytes)
      }),
      mergeMap((_, i) => of(5 + ((i * 7) % 21)).pipe(delay(1 + ((i * 5) % 11)))),
      tap(bytes => window.answered(bytes)),
      mergeMap((bytes, i) => of(bytes).pipe(delay(1 + ((i * 3) % 13)))),
      tap(bytes => {
        inFlight--
        window.release(bytes)
        if (++delivered === 500) window.complete()
      }),
      mergeMap(() => []),
    )
    expectObservable(run$, '2s !').toBe('1325ms |')
    flush()
    assert.equal(window.usedBytes, 0)
    assert.ok(delivered >= 500, `${delivered} delivered`)
    assert.ok(maxUsed <= 100, `${maxUsed} bytes used`)
    assert.ok(maxInFlight >= 4, `${maxInFlight} in flight`)
  })
})

test('a batch larger than its permit overshoots, and is paid back before the next permit', () => {
  const window = windowOf(100, 50)
  let granted = 0
  window.demand$.subscribe(() => granted++)
  assert.equal(granted, 2)
  window.answered(300)
  window.answered(0)
  assert.equal(granted, 2)
  window.release(200)
  assert.equal(granted, 2, 'still 100 bytes held')
  window.release(50)
  assert.equal(granted, 3)
  window.release(50)
  assert.equal(granted, 4)
})

test('bytes come back part by part', () => {
  const window = windowOf(40, 10)
  let granted = 0
  window.demand$.subscribe(() => granted++)
  for (let i = 0; i < 4; i++) window.answered(10)
  assert.equal(granted, 4)
  window.release(9)
  assert.equal(granted, 4)
  window.release(1)
  assert.equal(granted, 5, 'one stuck part does not hold the permit of another')
})

test('grants one permit even if it is larger than the window', () => {
  const window = windowOf(10, 30)
  let granted = 0
  window.demand$.subscribe(() => granted++)
  assert.equal(granted, 1)
})

test('an answer without a demand is refused and not counted', () => {
  const window = windowOf(100, 100)
  assert.equal(window.answered(5), false)
  assert.equal(window.usedBytes, 0)
})

test('grants nothing before the subscription, and completes demand$ once', () => {
  const window = windowOf(100, 50)
  assert.equal(window.outstanding, 0)
  const seen: string[] = []
  window.demand$.subscribe({ next: () => seen.push('demand'), complete: () => seen.push('complete') })
  window.complete()
  window.answered(0)
  window.release(0)
  assert.deepEqual(seen, ['demand', 'demand', 'complete'])
})

test('completed before the subscription: completes at once', () => {
  const window = windowOf(100, 50)
  window.complete()
  const seen: string[] = []
  window.demand$.subscribe({ next: () => seen.push('demand'), complete: () => seen.push('complete') })
  assert.deepEqual(seen, ['complete'])
})

test('a second subscription is an error', () => {
  const window = windowOf(100, 50)
  window.demand$.subscribe()
  let message = ''
  window.demand$.subscribe({ error: (error: Error) => (message = error.message) })
  assert.match(message, /twice/)
})

test('no permit after the subscriber has left', () => {
  const window = windowOf(100, 50)
  const subscription = window.demand$.subscribe()
  subscription.unsubscribe()
  window.answered(0)
  assert.equal(window.outstanding, 1)
})

test('a source that answers at once and with nothing does not starve the event loop', { timeout: 10_000 }, async () => {
  const window = new ByteWindow({ capacityBytes: 10, permitBytes: 10, maxRecords: 1, signal })
  let rounds = 0
  window.demand$.subscribe(() => {
    rounds++
    window.answered(0)
  })
  while (rounds < 3) await new Promise(resolve => setTimeout(resolve, 1))
  window.complete()
})
