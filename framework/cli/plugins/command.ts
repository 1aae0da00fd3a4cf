import type { Command } from '../../api/command.ts'

const HELP = `
Examples:
  isthmus plugins                          what comes with the package
  isthmus plugins ./my-connector.ts        what a module exports, and how a configuration names it
  isthmus plugins @acme/warehouse --json

Modules and packages are looked for from this folder.
`

/** `isthmus plugins`. */
export const command: Command = {
  name: 'plugins',
  summary: 'list the connectors, converters, transforms and policies that a configuration can name',
  arguments: [{ name: 'module', doc: 'a module or package of your own', optional: true, variadic: true }],
  options: [{ flags: '--json', doc: 'one JSON document' }],
  help: HELP,
  exitCodes: ['STOPPED', 'CONFIGURATION', 'UNEXPECTED'],
  async run(call, context) {
    const { listPlugins } = await import('./list-plugins.ts')
    return listPlugins(call, context)
  },
}
