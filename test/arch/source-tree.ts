import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { importsOf } from './imports-of.ts'

export const ROOT = join(import.meta.dirname, '../..')

export interface ImportEdge {
  /** Path of the importing file from the root. */
  readonly from: string
  /** Path of the imported file from the root, or the package's specifier. */
  readonly to: string
  readonly isPackage: boolean
  readonly isTypeOnly: boolean
}

/** All imports of the TypeScript sources below these top-level folders. */
export function importEdges(folders: readonly string[]): ImportEdge[] {
  return folders.flatMap(folder => sourcesOf(folder)).flatMap(edgesOf)
}

/** `framework/kafka` for `framework/kafka/reader/fetch.ts`, `framework` for `framework/index.ts`, `policies` for all below. */
export function folderOf(path: string): string {
  const [top = '', second = '', third] = path.split('/')
  return (top === 'framework' || top === 'connectors') && third !== undefined ? `${top}/${second}` : top
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => join(folder, path))
}

function edgesOf(from: string): ImportEdge[] {
  return importsOf(readFileSync(join(ROOT, from), 'utf8')).map(({ specifier, isTypeOnly }) => {
    const isPackage = !specifier.startsWith('.')
    const to = isPackage ? specifier : normalize(relative(ROOT, join(ROOT, dirname(from), specifier)))
    return { from, to, isPackage, isTypeOnly }
  })
}
