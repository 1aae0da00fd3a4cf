import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { Command as CommanderCommand, InvalidArgumentError, Option } from 'commander'
import type { Command } from '../api/command.ts'
import { LEVEL_NAMES, parseLogLevels } from '../config/log-levels.ts'
import { builtInCommands } from './built-ins.ts'
import { exitCodesHelp } from './exit-codes.ts'
import type { StreamTerminal } from './terminal.ts'

/** What commands of two words have in common, by their first. */
const GROUPS: Readonly<Record<string, string>> = { connect: 'run source and sink connectors' }

export interface Program {
  /** Throws CommanderError for a command line it does not understand, and for `--help` and `--version`, after telling. */
  readonly parser: CommanderCommand
  /** Of the command that ran. */
  exitCode(): number
}

/** The command line, with the commands that come with the package. */
export async function buildProgram(terminal: StreamTerminal): Promise<Program> {
  const version = packageVersion()
  let exitCode = 0
  const parser = new CommanderCommand('isthmus')
    .description('A small Kafka Connect for TypeScript, and a mirror between Kafka clusters')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .exitOverride()
  for (const command of await builtInCommands()) {
    const sub = parserOf(command).exitOverride()
    sub.action(async (...args: unknown[]) => {
      const call = { arguments: args.slice(0, command.arguments.length).flat() as string[], options: sub.opts() }
      const { runCommand } = await import('./run-command.ts')
      exitCode = await runCommand({ command, call, terminal, program: `isthmus/${version}` })
    })
    groupOf(parser, command).addCommand(sub)
  }
  return { parser, exitCode: () => exitCode }
}

/** Commands of two words stand below one for the first. */
function groupOf(parser: CommanderCommand, { name }: Command): CommanderCommand {
  const [group = '', word] = name.split(' ')
  if (word === undefined) return parser
  const known = parser.commands.find(command => command.name() === group)
  if (known !== undefined) return known
  const added = new CommanderCommand(group)
    .description(GROUPS[group] ?? '')
    .helpOption('--help', 'print this help')
    .exitOverride()
  parser.addCommand(added)
  return added
}

function parserOf(command: Command): CommanderCommand {
  const sub = new CommanderCommand(command.name.split(' ').at(-1))
    .description(command.summary)
    .helpOption('--help', 'print this help')
  for (const { name, doc, optional, variadic } of command.arguments) {
    const text = variadic === true ? `${name}...` : name
    sub.argument(optional === true ? `[${text}]` : `<${text}>`, doc)
  }
  for (const { flags, doc, default: preset } of command.options) sub.option(flags, doc, preset)
  const logLevel = new Option(
    '--log-level <level>',
    `what is logged: ${LEVEL_NAMES} (default: ${command.logLevel ?? 'info'}); of components: info,isthmus.kafka=debug`,
  )
  sub.addOption(logLevel.env('ISTHMUS_LOG_LEVEL').argParser(checkedLevels))
  sub.option('--verbose', 'errors with their stacks')
  sub.showHelpAfterError(`isthmus ${command.name} --help tells more`)
  return sub.addHelpText('after', `${command.help}\n${exitCodesHelp(command.exitCodes, command.exitMeanings)}`)
}

function checkedLevels(text: string): string {
  const { problems } = parseLogLevels(text)
  if (problems.length > 0) throw new InvalidArgumentError(`${problems.join('; ')}.`)
  return text
}

function packageVersion(): string {
  const path = findPackageJSON(import.meta.url)
  if (path === undefined) throw new Error(`no package.json above ${import.meta.url}: the installation is incomplete`)
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version
}
