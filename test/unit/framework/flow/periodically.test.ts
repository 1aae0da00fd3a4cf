import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delay, of, tap, throwError } from 'rxjs'
import { periodically } from '../../../../framework/flow/periodically.ts'
import { marbles } from '../../../../framework/testing/index.ts'

test('runs again after each end, a failed one included, never two at a time', () => {
  const reported: string[] = []
  let runs = 0
  let running = 0
  let maxRunning = 0
  marbles(({ expectObservable }) => {
    const job = () => {
      maxRunning = Math.max(maxRunning, ++running)
      const run = ++runs
      if (run === 2) {
        running--
        return throwError(() => new Error('second'))
      }
      return of(run).pipe(
        delay(5),
        tap(() => running--),
      )
    }
    const results$ = periodically(job, { everyMs: 10, report: error => reported.push((error as Error).message) })
    // 10 wait, 5 work | 10 wait, failed at once | 10 wait, 5 work
    expectObservable(results$, '50ms !').toBe('15ms a 24ms b', { a: 1, b: 3 })
  })
  assert.deepEqual(reported, ['second'])
  assert.equal(maxRunning, 1)
})

test('the first run can come earlier', () => {
  marbles(({ expectObservable }) => {
    const results$ = periodically(() => of('r'), { everyMs: 10, initialDelayMs: 0, report: error => assert.fail(String(error)) })
    expectObservable(results$, '25ms !').toBe('r 9ms r 9ms r')
  })
})
