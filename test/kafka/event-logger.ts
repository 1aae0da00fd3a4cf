import { filter, firstValueFrom, ReplaySubject, timeout } from 'rxjs'
import type { Logger } from '../../framework/api/index.ts'
import type { LoggedLine } from '../../framework/testing/memory-logger.ts'

const DEADLINE_MS = 30_000

/** Prints nothing, keeps what it was told, and tells when a line comes. */
export class EventLogger implements Logger {
  readonly #lines = new ReplaySubject<LoggedLine>()
  readonly lines: LoggedLine[] = []

  trace(fields: object, message: string): void {
    this.#add({ level: 'trace', fields, message })
  }

  debug(fields: object, message: string): void {
    this.#add({ level: 'debug', fields, message })
  }

  info(fields: object, message: string): void {
    this.#add({ level: 'info', fields, message })
  }

  warn(fields: object, message: string): void {
    this.#add({ level: 'warn', fields, message })
  }

  error(fields: object, message: string): void {
    this.#add({ level: 'error', fields, message })
  }

  child(): Logger {
    return this
  }

  /** The first line, past or future, whose message matches. */
  awaitLine(pattern: RegExp): Promise<LoggedLine> {
    const line$ = this.#lines.pipe(
      filter(({ message }) => pattern.test(message)),
      timeout(DEADLINE_MS),
    )
    return firstValueFrom(line$).catch((cause: unknown) => {
      const said = this.lines.map(({ level, message }) => `${level} ${message}`).join('\n')
      throw new Error(`nobody said ${pattern} within ${DEADLINE_MS} ms, but\n${said}`, { cause })
    })
  }

  #add(line: LoggedLine): void {
    this.lines.push(line)
    this.#lines.next(line)
  }
}
