import { catchError, defer, EMPTY, type Observable, type ObservableInput, repeat, switchMap, timer } from 'rxjs'

export interface PeriodicOptions {
  /** From the end of one run to the start of the next; a function is asked after each run. */
  readonly everyMs: number | (() => number)
  /** Before the first run; `everyMs` by default. */
  readonly initialDelayMs?: number
  /** Told of each failed run; the next one follows all the same. */
  readonly report: (error: unknown) => void
}

/** Runs a job again and again, never two at a time, and whatever becomes of one run. Emits the results. */
export function periodically<T>(job: () => ObservableInput<T>, options: PeriodicOptions): Observable<T> {
  const { everyMs, report } = options
  const pauseMs = typeof everyMs === 'number' ? () => everyMs : everyMs
  const { initialDelayMs = pauseMs() } = options
  const runs$ = defer(job).pipe(
    catchError((error: unknown) => {
      report(error)
      return EMPTY
    }),
    repeat({ delay: () => timer(pauseMs()) }),
  )
  return timer(initialDelayMs).pipe(switchMap(() => runs$))
}
