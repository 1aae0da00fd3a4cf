import type { Logger } from '../../../framework/api/index.ts'

const nothing = (): undefined => undefined

/** For programs that did not ask for logs. */
export const silentLogger: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
}
