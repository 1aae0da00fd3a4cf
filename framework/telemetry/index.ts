export { inLogScope, withLogContext } from './log-context.ts'
export type { LoggerOptions, LogLevel } from './logger.ts'
export { createLogger } from './logger.ts'
export { HIDDEN, isSecretName, maskSecrets } from './secrets.ts'
