import { connectorContractBroken, contractBroken } from './errors.ts'

/** What the connector's class made, if it is a connector. @throws ConnectError CONTRACT_BROKEN */
export function checkedConnector<T extends object>(name: string, made: T): T {
  const missing = missingOf(made, ['start', 'taskConfigs', 'createTask'])
  if (missing !== undefined) throw connectorContractBroken(name, `is no connector: ${missing}`)
  const { definition } = made as { readonly definition?: unknown }
  if (typeof definition !== 'object' || definition === null) {
    throw connectorContractBroken(
      name,
      'has no definition: it must list every key that the connector understands, {} if there are none',
    )
  }
  return made
}

/** What `createTask()` returned, if it is a task. @throws ConnectError CONTRACT_BROKEN */
export function checkedTask<T extends object>(taskId: string, made: T, methods: readonly (keyof T & string)[]): T {
  const missing = missingOf(made, methods)
  if (missing !== undefined) throw contractBroken(taskId, `has a connector whose createTask() returned no task: ${missing}`)
  return made
}

/** In words what is not as it should be. */
function missingOf(made: unknown, methods: readonly string[]): string | undefined {
  if (typeof made !== 'object' || made === null) return `it is ${made === null ? 'null' : typeof made}`
  if (made instanceof Promise) return 'it is a promise; return the object itself'
  const has = made as Readonly<Record<string, unknown>>
  const missing = methods.filter(method => typeof has[method] !== 'function')
  return missing.length === 0 ? undefined : `it has no ${missing.map(method => `${method}()`).join(', no ')}`
}
