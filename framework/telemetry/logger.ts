import pino, { type DestinationStream } from 'pino'
import type { LogLevel } from '../api/log-level.ts'
import type { ComponentLogger, LogComponent } from './log-components.ts'
import { logFields } from './log-fields.ts'
import { type ComponentLevel, LogLevels, SEVERITY } from './log-levels.ts'
import { prettyLine } from './pretty-line.ts'
import { maskSecrets } from './secrets.ts'
import { traceFields } from './trace-fields.ts'

export interface LoggerOptions {
  /** `info` by default. */
  readonly level?: LogLevel
  /** Levels by component, which may change at any time, instead of `level`. */
  readonly levels?: LogLevels
  /** `json`: one object per line; `pretty`: one line of text. By default pretty where stderr is a terminal. */
  readonly format?: 'json' | 'pretty'
  /** With stacks of errors; in lines of text also with the component and the trace. */
  readonly verbose?: boolean
  /** Standard error by default, written synchronously: nothing is lost at exit. */
  readonly destination?: DestinationStream
}

/** Structured logging; secrets are masked in fields, messages and errors. */
export function createLogger(options: LoggerOptions = {}): ComponentLogger {
  const { level, levels = new LogLevels(level), verbose = false, format = process.stderr.isTTY ? 'pretty' : 'json' } = options
  const raw = options.destination ?? pino.destination({ fd: 2, sync: true })
  const destination = format === 'json' ? raw : { write: (line: string) => raw.write(prettyLine(line, verbose)) }
  const settings: pino.LoggerOptions = {
    level: 'trace',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return new PinoLogger({ pino: pino(settings, destination), levels, verbose }, levels.entry('isthmus'))
}

interface Parts {
  readonly pino: pino.Logger
  readonly levels: LogLevels
  readonly verbose: boolean
}

class PinoLogger implements ComponentLogger {
  readonly #parts: Parts
  readonly #level: ComponentLevel

  constructor(parts: Parts, level: ComponentLevel) {
    this.#parts = parts
    this.#level = level
  }

  trace(fields: object, message: string): void {
    if (this.#level.severity <= SEVERITY.trace) this.#log('trace', fields, message)
  }

  debug(fields: object, message: string): void {
    if (this.#level.severity <= SEVERITY.debug) this.#log('debug', fields, message)
  }

  info(fields: object, message: string): void {
    if (this.#level.severity <= SEVERITY.info) this.#log('info', fields, message)
  }

  warn(fields: object, message: string): void {
    if (this.#level.severity <= SEVERITY.warn) this.#log('warn', fields, message)
  }

  error(fields: object, message: string): void {
    if (this.#level.severity <= SEVERITY.error) this.#log('error', fields, message)
  }

  child(fields: object): ComponentLogger {
    const { pino: parent, verbose } = this.#parts
    return new PinoLogger({ ...this.#parts, pino: parent.child(logFields(fields, verbose)) }, this.#level)
  }

  inComponent(component: LogComponent): ComponentLogger {
    return new PinoLogger(this.#parts, this.#parts.levels.entry(component))
  }

  #log(level: Exclude<LogLevel, 'silent'>, fields: object, message: string): void {
    const { pino: logger, verbose } = this.#parts
    const { component } = this.#level
    logger[level]({ component, ...logFields(fields, verbose), ...traceFields() }, maskSecrets(message))
  }
}
