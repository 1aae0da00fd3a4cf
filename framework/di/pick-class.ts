import { types } from 'node:util'
import type { PluginReference } from '../api/plugin.ts'
import { didYouMean } from '../config/nearest.ts'
import type { AnyClass } from './make-plugin.ts'
import { pluginFault, pluginProblem } from './plugin-problem.ts'

type Exports = Readonly<Record<string, unknown>>

/**
 * The class a module is named for: the export asked for, else the default export, else its only class.
 * @throws ConfigError that lists what there is
 */
export function pickClass(exports: Exports, name: string | undefined, reference: PluginReference, what: string): AnyClass {
  if (name !== undefined) return named(exports, name, reference, what)
  if (isClass(exports.default)) return exports.default
  const classes = Object.entries(exports).filter((entry): entry is [string, AnyClass] => isClass(entry[1]))
  const [only, another] = classes
  if (only !== undefined && another === undefined) return only[1]
  if (another !== undefined) {
    const names = classes.map(([exported]) => exported).join(', ')
    throw pluginProblem(
      reference,
      `the module exports several classes (${names}); name one, e.g. ${reference.value}#${only?.[0]}`,
    )
  }
  throw pluginFault(
    reference,
    `the module exports no class, but ${listOf(exports)}; export ${what} as a class, by default or by name`,
  )
}

function named(exports: Exports, name: string, reference: PluginReference, what: string): AnyClass {
  const value = exports[name]
  if (isClass(value)) return value
  if (value !== undefined) throw pluginFault(reference, `the export ${name} is not a class; export ${what} as a class`)
  throw pluginProblem(
    reference,
    `the module has no export ${name}, but ${listOf(exports)}${didYouMean(name, Object.keys(exports)) || '; correct the name after #'}`,
  )
}

function listOf(exports: Exports): string {
  const names = Object.keys(exports)
  return names.length === 0 ? 'nothing' : names.join(', ')
}

/** Anything `new` works on: arrow functions, methods and async functions have no prototype to make instances of. */
export function isClass(value: unknown): value is AnyClass {
  return (
    typeof value === 'function' &&
    !types.isAsyncFunction(value) &&
    typeof value.prototype === 'object' &&
    value.prototype !== null
  )
}
