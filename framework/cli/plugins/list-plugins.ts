import { type CommandCall, type CommandContext, ExitCode } from '../../api/command.ts'
import { ConfigError, type ConfigProblem } from '../../api/index.ts'
import { KINDS, type PluginKind } from '../../di/plugin-kinds.ts'
import { builtInPlugins, type ListedPlugin, pluginsAmong } from '../../di/plugin-list.ts'
import { PluginRegistry } from '../../di/plugins.ts'

/** Lists what is known by name or, where modules are named, what they export. Resolves with the exit code. */
export async function listPlugins(call: CommandCall, { terminal }: CommandContext): Promise<number> {
  const modules = call.arguments.filter(module => module !== undefined)
  const { plugins, problems } =
    modules.length === 0 ? { plugins: await builtInPlugins(), problems: [] } : await pluginsOf(modules)
  terminal.problems('', problems)
  if (call.options.json === true) terminal.print(JSON.stringify({ plugins }, null, 2))
  else for (const line of linesOf(plugins)) terminal.print(line)
  return problems.length === 0 ? ExitCode.STOPPED : ExitCode.CONFIGURATION
}

interface FoundPlugins {
  readonly plugins: readonly ListedPlugin[]
  readonly problems: readonly ConfigProblem[]
}

async function pluginsOf(modules: readonly string[]): Promise<FoundPlugins> {
  const registry = new PluginRegistry()
  const problems: ConfigProblem[] = []
  const plugins: ListedPlugin[] = []
  for (const module of modules) {
    try {
      const found = pluginsAmong(module, await registry.exportsOf(module, [process.cwd()]))
      if (found.length === 0)
        problems.push({
          key: module,
          message:
            'exports no class that a configuration could name: see what a connector, converter, transform or policy extends or has',
        })
      plugins.push(...found)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      problems.push(...error.problems.map(({ message }) => ({ key: module, message })))
    }
  }
  return { plugins, problems }
}

function linesOf(plugins: readonly ListedPlugin[]): string[] {
  const kinds = KINDS.filter(kind => plugins.some(plugin => plugin.kinds.includes(kind)))
  const width = Math.max(...plugins.map(({ name }) => name.length))
  return kinds.flatMap((kind, i) => {
    const ofKind = plugins.filter(plugin => plugin.kinds.includes(kind)).sort((a, b) => a.name.localeCompare(b.name))
    const lines = ofKind.flatMap(({ name, aliases, doc }) => {
      const other = aliases.at(-1)
      return [
        `  ${name.padEnd(width)}  ${doc ?? other ?? ''}`.trimEnd(),
        ...(doc && other ? [`  ${''.padEnd(width)}  ${other}`] : []),
      ]
    })
    return [...(i === 0 ? [] : ['']), headingOf(kind), ...lines]
  })
}

function headingOf(kind: PluginKind): string {
  const plural = kind.endsWith('policy') ? kind.replace(/y$/, 'ies') : `${kind}s`
  return `${kind[0]?.toUpperCase()}${plural.slice(1)}`
}
