import { createRequire } from 'node:module'
import { ConfigError } from '../../api/connect-error.ts'

const require = createRequire(import.meta.url)

/**
 * A package that only some converters need, so that the program that uses one of them installs it.
 * @param need what it is for: `Avro`
 * @throws ConfigError that says how to install it
 */
export function requireOptional<T>(name: string, need: string, key = 'schema.registry.url'): T {
  try {
    return require(name)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause
    throw new ConfigError([{ key, message: `${need} needs the package ${name}; install it: npm install ${name}` }])
  }
}
