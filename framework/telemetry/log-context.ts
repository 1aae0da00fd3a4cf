import type { Logger } from '../api/index.ts'
import { type ComponentLogger, inComponent, type LogComponent } from './log-components.ts'

/**
 * A logger whose messages begin with a context as Kafka Connect writes it (KIP-449): `[orders|task-0] `, `[orders|worker] `; within the context that
 * it has already: `[A->B|MirrorSourceConnector|task-0] `.
 */
export function withLogContext(logger: Logger, path: string): Logger {
  return logger instanceof ContextLogger ? logger.within(path) : new ContextLogger(logger, path)
}

/** The same logger with `|scope` added to its context; a logger without a context as it is. */
export function inLogScope(logger: Logger, scope: string): Logger {
  return logger instanceof ContextLogger ? logger.within(scope) : logger
}

class ContextLogger implements ComponentLogger {
  readonly #logger: Logger
  readonly #path: string

  constructor(logger: Logger, path: string) {
    this.#logger = logger
    this.#path = path
  }

  trace(fields: object, message: string): void {
    this.#logger.trace(fields, this.#said(message))
  }

  debug(fields: object, message: string): void {
    this.#logger.debug(fields, this.#said(message))
  }

  info(fields: object, message: string): void {
    this.#logger.info(fields, this.#said(message))
  }

  warn(fields: object, message: string): void {
    this.#logger.warn(fields, this.#said(message))
  }

  error(fields: object, message: string): void {
    this.#logger.error(fields, this.#said(message))
  }

  child(fields: object): Logger {
    return new ContextLogger(this.#logger.child(fields), this.#path)
  }

  inComponent(component: LogComponent): Logger {
    return new ContextLogger(inComponent(this.#logger, component), this.#path)
  }

  within(scope: string): Logger {
    return new ContextLogger(this.#logger, `${this.#path}|${scope}`)
  }

  #said(message: string): string {
    return `[${this.#path}] ${message}`
  }
}
