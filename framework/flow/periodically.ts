import { catchError, defer, EMPTY, type Observable, type ObservableInput, repeat, switchMap, timer } from 'rxjs'

export interface PeriodicOptions {
  /** From the end of one run to the start of the next. */
  readonly everyMs: number
  /** Before the first run; `everyMs` by default. */
  readonly initialDelayMs?: number
  /** Told of each failed run; the next one follows all the same. */
  readonly report: (error: unknown) => void
}

/** Runs a job again and again, never two at a time, and whatever becomes of one run. Emits the results. */
export function periodically<T>(job: () => ObservableInput<T>, options: PeriodicOptions): Observable<T> {
  const { everyMs, initialDelayMs = everyMs, report } = options
  const runs$ = defer(job).pipe(
    catchError((error: unknown) => {
      report(error)
      return EMPTY
    }),
    repeat({ delay: everyMs }),
  )
  return timer(initialDelayMs).pipe(switchMap(() => runs$))
}
