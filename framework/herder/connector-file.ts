import { readFileSync } from 'node:fs'
import { ConfigError } from '../api/index.ts'
import { parseProperties } from '../config/properties.ts'
import type { TargetState } from '../runtime/index.ts'

/** A connector as a file describes it. */
export interface ConnectorFile {
  readonly config: Readonly<Record<string, string>>
  readonly initialState: TargetState
}

const STATES: readonly TargetState[] = ['RUNNING', 'PAUSED', 'STOPPED']

/**
 * Reads a connector: a JSON object of properties, a JSON object `{ name, config, initial_state }`, or a properties file.
 * @throws ConfigError with every problem
 */
export function readConnectorFile(path: string): ConnectorFile {
  const bytes = read(path)
  const json = parseJson(bytes.toString('utf8'))
  if (json === undefined) return { config: properties(path, bytes), initialState: 'RUNNING' }
  const { config, initial_state: state = 'RUNNING', name } = json
  if (!isObject(config)) return { config: texts(path, json), initialState: 'RUNNING' }
  const initialState = STATES.find(known => known === state)
  if (initialState === undefined) {
    throw new ConfigError([{ key: 'initial_state', value: String(state), message: `must be one of ${STATES.join(', ')}` }])
  }
  return { config: texts(path, name === undefined ? config : { name, ...config }), initialState }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const reason = code === 'ENOENT' ? 'there is no such file' : (error as Error).message
    throw new ConfigError([{ key: path, message: `${reason}; give the path of a properties or JSON file of a connector` }])
  }
}

/** Undefined where it is no JSON object at all: a properties file then. */
function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) ? json : undefined
  } catch (error) {
    throw new ConfigError([{ key: 'JSON', message: `the file begins as JSON does and is none: ${(error as Error).message}` }])
  }
}

function properties(path: string, bytes: Buffer): Readonly<Record<string, string>> {
  try {
    return parseProperties(bytes)
  } catch (error) {
    throw new ConfigError([{ key: path, message: (error as Error).message }])
  }
}

/** Numbers and booleans become text. */
function texts(path: string, values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const wrong = Object.entries(values).filter(([, value]) => typeof value === 'object')
  if (wrong.length > 0) {
    const message = `must be text, a number, true or false in ${path}`
    throw new ConfigError(wrong.map(([key, value]) => ({ key, value: JSON.stringify(value), message })))
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
