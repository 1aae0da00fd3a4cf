import { readdirSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest } from '../config/nearest.ts'

/** `; did you mean ./x.js?`, or nothing: of the files beside where a module was looked for. */
export function nearestFile(module: string, folders: readonly string[]): string {
  const path = module.startsWith('file:') ? fileURLToPath(module) : module
  for (const folder of folders) {
    const near = nearest(basename(path), namesIn(dirname(resolve(folder, path))))
    if (near !== undefined) return `; did you mean ${module.slice(0, module.length - basename(path).length)}${near}?`
  }
  return ''
}

function namesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter(entry => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name)).map(({ name }) => name)
  } catch {
    return []
  }
}
