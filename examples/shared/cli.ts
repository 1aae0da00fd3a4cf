import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'

export const root = fileURLToPath(new URL('../../', import.meta.url))
/** The built command, from the folder of the project. */
export const CLI = 'dist/framework/cli/isthmus.js'

/** Log lines are JSON where no terminal shows them. */
export function readable(line: string): string {
  if (!line.startsWith('{')) return line
  const { level, msg } = JSON.parse(line) as { readonly level: string; readonly msg: string }
  return level === 'info' ? msg : styleText(level === 'warn' ? 'yellow' : 'red', `${level.toUpperCase()} ${msg}`)
}
