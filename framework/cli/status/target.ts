import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ConfigError } from '../../api/index.ts'
import { didYouMean } from '../../config/nearest.ts'
import { listenedUrl } from './listened-url.ts'

export const DEFAULT_URL = 'http://127.0.0.1:8083'
const VARIABLE = 'ISTHMUS_STATUS_URL'
const PATH = '/status'
const FORMS = 'give http://host:port, host:port, or the properties file of a mirror or a worker'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where to ask. */
export interface StatusTarget {
  readonly url: URL
  /** As people write it: without the path that is always the same, and without a password. */
  readonly name: string
}

/**
 * What is to be asked, by the argument, the environment or the default.
 * @throws ConfigError where that is neither an address nor a file that has one
 */
export function statusTarget(argument: string | undefined, env: Environment): StatusTarget {
  const text = argument ?? ofEnvironment(env)
  if (text === undefined) return named(new URL(DEFAULT_URL))
  return targetOf(text, argument === undefined ? VARIABLE : withoutPassword(text), env)
}

/** The file that says it, for messages; empty where it is an address. */
export function fileOfTarget(argument: string | undefined, env: Environment): string {
  const text = argument ?? ofEnvironment(env) ?? ''
  return existsSync(text) ? text : ''
}

function ofEnvironment(env: Environment): string | undefined {
  const text = env[VARIABLE]?.trim()
  return text === '' ? undefined : text
}

function targetOf(text: string, key: string, env: Environment): StatusTarget {
  const refuse = (message: string): ConfigError =>
    new ConfigError([{ key, ...(key === VARIABLE ? { value: withoutPassword(text) } : {}), message }])
  if (text.includes('://')) {
    const url = URL.parse(text)
    if (url === null || url.hostname === '') throw refuse(`is not a URL; ${FORMS}`)
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw refuse(`${url.protocol.slice(0, -1)} is not spoken here; ${FORMS}`)
    return named(url)
  }
  if (existsSync(text)) return named(listenedUrl(text, env))
  if (/^\d+$/.test(text)) throw refuse(`is a number; did you mean 127.0.0.1:${text}?`)
  const url = /^([\w.-]+|\[[0-9a-f:.]+\]):\d{1,5}$/i.test(text) ? URL.parse(`http://${text}`) : null
  if (url !== null) return named(url)
  throw refuse(`is neither a file that exists nor an address; ${FORMS}${didYouMean(text, neighbours(text))}`)
}

function named(base: URL): StatusTarget {
  const url = new URL(base)
  url.search = ''
  url.hash = ''
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = path.endsWith(PATH) ? path : path + PATH
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return { url, name: shown.href.slice(0, -PATH.length) }
}

/** Files that may have been meant, as they would be written. */
function neighbours(path: string): readonly string[] {
  const folder = dirname(path)
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile())
  return files.map(({ name }) => (basename(path) === path ? name : join(folder, name)))
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//')
}
