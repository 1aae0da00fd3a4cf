import pino, { type DestinationStream } from 'pino'
import type { Logger } from '../api/index.ts'
import { logFields } from './log-fields.ts'
import { prettyLine } from './pretty-line.ts'
import { maskSecrets } from './secrets.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface LoggerOptions {
  /** `info` by default. */
  readonly level?: LogLevel
  /** `json`: one object per line; `pretty`: one line of text. By default pretty where stderr is a terminal. */
  readonly format?: 'json' | 'pretty'
  /** With stacks of errors. */
  readonly verbose?: boolean
  /** Standard error by default, written synchronously: nothing is lost at exit. */
  readonly destination?: DestinationStream
}

/** Structured logging; secrets are masked in fields, messages and errors. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', verbose = false, format = process.stderr.isTTY ? 'pretty' : 'json' } = options
  const raw = options.destination ?? pino.destination({ fd: 2, sync: true })
  const destination = format === 'json' ? raw : { write: (line: string) => raw.write(prettyLine(line, verbose)) }
  const settings = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return new PinoLogger(pino(settings, destination), verbose)
}

class PinoLogger implements Logger {
  readonly #pino: pino.Logger
  readonly #verbose: boolean

  constructor(logger: pino.Logger, verbose: boolean) {
    this.#pino = logger
    this.#verbose = verbose
  }

  trace(fields: object, message: string): void {
    this.#log('trace', fields, message)
  }

  debug(fields: object, message: string): void {
    this.#log('debug', fields, message)
  }

  info(fields: object, message: string): void {
    this.#log('info', fields, message)
  }

  warn(fields: object, message: string): void {
    this.#log('warn', fields, message)
  }

  error(fields: object, message: string): void {
    this.#log('error', fields, message)
  }

  child(fields: object): Logger {
    return new PinoLogger(this.#pino.child(logFields(fields, this.#verbose)), this.#verbose)
  }

  #log(level: Exclude<LogLevel, 'silent'>, fields: object, message: string): void {
    if (!this.#pino.isLevelEnabled(level)) return
    this.#pino[level](logFields(fields, this.#verbose), maskSecrets(message))
  }
}
