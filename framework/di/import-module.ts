import { registerHooks } from 'node:module'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Why a module could not be had. */
export type ImportFailure =
  | { readonly kind: 'not-found' }
  /** This Node does not run files of that kind. */
  | { readonly kind: 'unsupported' }
  /** Found, and failed while it was evaluated (or what it imports could not be). */
  | { readonly kind: 'broken'; readonly cause: unknown }

export type ImportResult = { readonly exports: Readonly<Record<string, unknown>> } | ImportFailure

/** Imports a module as a file in `folder` would. */
export async function importFrom(specifier: string, folder: string): Promise<ImportResult> {
  const url = resolveFrom(specifier, folder)
  if (url === undefined) return { kind: 'not-found' }
  try {
    return { exports: await import(url) }
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /^\.[cm]?ts$/.test(extname(url))) return { kind: 'unsupported' }
    if (
      (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') &&
      (cause as { readonly url?: string }).url === url
    )
      return { kind: 'not-found' }
    return { kind: 'broken', cause }
  }
}

/** The URL that an `import` in `folder` would load; undefined when there is none. `import.meta.resolve` knows no other parent than its own file. */
function resolveFrom(specifier: string, folder: string): string | undefined {
  const parentURL = pathToFileURL(join(folder, 'noop.js')).href
  const hooks = registerHooks({
    resolve: (asked, context, next) => next(asked, asked === specifier ? { ...context, parentURL } : context),
  })
  try {
    return import.meta.resolve(specifier)
  } catch (error) {
    if (NOT_FOUND.has(codeOf(error) ?? '')) return undefined
    throw error
  } finally {
    hooks.deregister()
  }
}

const NOT_FOUND: ReadonlySet<string> = new Set([
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_INVALID_MODULE_SPECIFIER',
])

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}
