import { ConnectError, type Logger } from '../api/index.ts'
import { connectorContractBroken } from './errors.ts'
import type { TaskConfig } from './runnable-connector.ts'

export interface TaskConfigRules {
  /** Of the connector. */
  readonly name: string
  readonly config: TaskConfig
  /** Keys that every task has as the connector has them, unless it says otherwise. */
  readonly commonKeys: readonly string[]
  readonly maxTasks: number
  readonly logger: Logger
}

/**
 * The configurations of tasks out of what `taskConfigs()` resolved with.
 * @throws ConnectError CONTRACT_BROKEN; TOO_MANY_TASKS unless `tasks.max.enforce` is false
 */
export function checkedTaskConfigs(answer: unknown, rules: TaskConfigRules): readonly TaskConfig[] {
  const { name, config, commonKeys, maxTasks, logger } = rules
  if (!Array.isArray(answer)) throw connectorContractBroken(name, `made no list of task configurations but ${kindOf(answer)}`)
  const configs: readonly unknown[] = answer
  for (const [index, one] of configs.entries()) checkOne(name, index, one)
  if (configs.length > maxTasks) {
    const message = `Connector ${name} made ${configs.length} task configurations although tasks.max is ${maxTasks}`
    if (config['tasks.max.enforce']?.trim().toLowerCase() !== 'false') {
      throw new ConnectError('TOO_MANY_TASKS', message, { kind: 'fatal', stage: 'start' })
    }
    logger.warn({ tasks: configs.length, maxTasks }, `${message}; all of them run, since tasks.max.enforce is false`)
  }
  const common = Object.fromEntries(commonKeys.flatMap(key => (config[key] === undefined ? [] : [[key, config[key]]])))
  return (configs as readonly TaskConfig[]).map(one => ({ ...common, ...one }))
}

export function isSameConfig(a: TaskConfig | undefined, b: TaskConfig): boolean {
  if (a === undefined) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key])
}

function checkOne(name: string, index: number, one: unknown): void {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) {
    throw connectorContractBroken(
      name,
      `made ${kindOf(one)} of the configuration of task ${index}: it must be an object of strings`,
    )
  }
  const wrong = Object.entries(one).find(([, value]) => typeof value !== 'string')
  if (wrong === undefined) return
  const [key, value] = wrong
  throw connectorContractBroken(
    name,
    `made a configuration of task ${index} in which ${key} is ${kindOf(value)}: it must be a string`,
  )
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}
