import type { Logger } from '../api/index.ts'
import type { Token } from '../api/injection.ts'

/** The program's logger: a class named in a configuration may have it injected. */
export const LOGGER = Symbol('Logger') as Token<Logger>
