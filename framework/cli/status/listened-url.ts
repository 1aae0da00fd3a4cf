import { isIPv6 } from 'node:net'
import { ConfigError } from '../../api/index.ts'
import { propertiesOfEnvironment } from '../../config/connect/environment.ts'
import { isNone, parseListenAddress } from '../../config/listen-address.ts'
import { LISTEN_ADVICE, observeKeys } from '../../config/observe-keys.ts'
import { readPropertiesFile } from '../../config/properties.ts'
import { configProviders, resolveVariables } from '../../config/providers.ts'

const KEY = observeKeys.listen.kafka
const ELSEWHERE = 'if it was started with --listen, give that address instead of the file'
/** Addresses that stand for all of a machine, and the one of them to ask at. */
const LOOPBACKS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/**
 * Where a process that was started with this file listens.
 * @throws ConfigError where the file cannot be read, or nothing listens by it
 */
export function listenedUrl(file: string, env: Readonly<Record<string, string | undefined>>): URL {
  const value = listenOf(file, env)
  const refuse = (message: string): ConfigError =>
    new ConfigError([{ key: KEY, ...(value === undefined ? {} : { value }), message: `${message}; ${ELSEWHERE}` }])
  if (value === undefined || isNone(value))
    throw refuse(`${value === undefined ? 'is not set' : 'nobody listens'}: set it, e.g. to 127.0.0.1:8083, and start it again`)
  const address = parseListenAddress(value)
  if (address === undefined) throw refuse(LISTEN_ADVICE)
  if (address.port === 0) throw refuse('a free port is taken at each start, which the log tells: give that address')
  const host = LOOPBACKS[address.host] ?? address.host
  return new URL(`http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`)
}

/** As the mirror or the worker would read it; for a worker, the environment wins. */
function listenOf(file: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const ofFile = readPropertiesFile(file)
  const properties = ofFile.clusters === undefined ? { ...ofFile, ...propertiesOfEnvironment(env) } : ofFile
  const { [KEY]: written } = properties
  if (written === undefined) return undefined
  const problems: string[] = []
  const providers = configProviders(properties, (key, message) => problems.push(`${key}: ${message}`), { env })
  const resolved = resolveVariables({ [KEY]: written }, providers, ({ variable, reason }) =>
    problems.push(`${variable}: ${reason}`),
  )
  if (problems.length > 0 && written.includes('${'))
    throw new ConfigError(problems.map(message => ({ key: KEY, value: written, message: `${message}; ${ELSEWHERE}` })))
  return resolved[KEY]
}
