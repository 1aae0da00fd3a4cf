import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** `npm run example -- NAME [option ...]` runs an example; without a name it lists them. */
const names = globSync('*/main.ts', { cwd: import.meta.dirname })
  .map(dirname)
  .sort()
const [name, ...args] = process.argv.slice(2)

if (name !== undefined && names.includes(name)) {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args)
  await import(`./${name}/main.ts`)
} else if (name === undefined || name === '--help' || name === '-h') console.log(usage())
else {
  console.error(`There is no example ${name}.\n\n${usage()}`)
  process.exitCode = 1
}

function usage(): string {
  const width = Math.max(...names.map(each => each.length))
  const lines = names.map(each => `  npm run example -- ${each.padEnd(width)}  ${titleOf(each)}`.trimEnd())
  return `Examples; each starts the clusters it needs, ends by itself and leaves nothing behind. --help after the name says more.\n\n${lines.join('\n')}`
}

/** The heading of its README. */
function titleOf(each: string): string {
  const file = join(import.meta.dirname, each, 'README.md')
  return existsSync(file) ? (/^# (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '') : ''
}
