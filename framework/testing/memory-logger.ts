import type { Logger } from '../api/index.ts'

export interface LoggedLine {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

/** Prints nothing and keeps what it was told. */
export class MemoryLogger implements Logger {
  readonly lines: LoggedLine[]

  constructor(lines: LoggedLine[] = []) {
    this.lines = lines
  }

  trace(fields: object, message: string): void {
    this.lines.push({ level: 'trace', fields, message })
  }

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields, message })
  }

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', fields, message })
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields, message })
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields, message })
  }

  child(): Logger {
    return new MemoryLogger(this.lines)
  }
}
