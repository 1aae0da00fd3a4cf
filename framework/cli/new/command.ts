import { relative, resolve } from 'node:path'
import { type Command, type CommandCall, ExitCode } from '../../api/command.ts'
import type { ConfigProblem } from '../../api/index.ts'
import { didYouMean } from '../../config/nearest.ts'
import { commonFiles } from './common-files.ts'
import { baseName, className, nameProblem } from './package-name.ts'
import type { Template } from './template.ts'
import { policyTemplate } from './templates/policy.ts'
import { sinkTemplate } from './templates/sink.ts'
import { sourceTemplate } from './templates/source.ts'
import { versionsFor } from './versions.ts'
import { isFree, writeFiles } from './write-files.ts'

const TEMPLATES: Readonly<Record<string, Template>> = { source: sourceTemplate, sink: sinkTemplate, policy: policyTemplate }
const KINDS = Object.keys(TEMPLATES)
const NEXT = [
  'npm install',
  'npm test          # builds and tests it; no Kafka needed',
  'npm start         # runs it with Kafka at localhost:9092, or KAFKA=host:port npm start',
]

/** `isthmus new source my-feed`. */
export const command: Command = {
  name: 'new',
  summary: 'write a package with a source, a sink or a policy of your own, ready to be built, tested and run',
  arguments: [
    { name: 'kind', doc: KINDS.join(', ') },
    { name: 'name', doc: 'of the package, as npm has it: my-feed, @acme/my-feed' },
    { name: 'folder', doc: 'to be made; by default the name, here', optional: true },
  ],
  options: [
    { flags: '--isthmus <version>', doc: 'what the package asks npm for: a range, file:/a/path, a URL; by default this one' },
  ],
  help: `
Examples:
  isthmus new source my-feed              a source in my-feed/
  isthmus new sink @acme/warehouse        a sink in warehouse/
  isthmus new policy short-names sub/dir  a replication policy in sub/dir/

Then, in the folder:
${NEXT.map(line => `  ${line}`).join('\n')}

A folder that has anything in it is left as it is.
`,
  exitCodes: ['STOPPED', 'CONFIGURATION', 'UNEXPECTED'],
  async run(call, { terminal }) {
    const problems: ConfigProblem[] = []
    const asked = read(call, problems)
    if (asked === undefined) {
      terminal.problems('', problems)
      return ExitCode.CONFIGURATION
    }
    const { template, name, folder } = asked
    const base = baseName(name)
    const spec = { name, base, className: className(name) }
    writeFiles(folder, { ...commonFiles(spec, template, versionsFor(call.options.isthmus)), ...template.files(spec) })
    const shown = relative('', folder) || '.'
    terminal.print(`${shown} has ${template.what}, its test and what runs it. Next:`)
    for (const line of [...(shown === '.' ? [] : [`cd ${shown}`]), ...NEXT]) terminal.print(`  ${line}`)
    return ExitCode.STOPPED
  },
}

interface Asked {
  readonly template: Template
  readonly name: string
  readonly folder: string
}

/** Undefined when there is a problem; all of them are told. */
function read({ arguments: [kind = '', name = '', folder] }: CommandCall, problems: ConfigProblem[]): Asked | undefined {
  const template = TEMPLATES[kind]
  if (template === undefined) {
    problems.push({ key: 'kind', value: kind, message: `must be one of ${KINDS.join(', ')}${didYouMean(kind, KINDS)}` })
  }
  const problem = nameProblem(name)
  if (problem !== undefined) problems.push({ key: 'name', value: name, message: problem })
  const path = resolve(folder ?? baseName(name))
  if (problem === undefined && !isFree(path)) {
    problems.push({ key: 'folder', value: path, message: 'is there already and not empty; name another one after the name' })
  }
  return template === undefined || problems.length > 0 ? undefined : { template, name, folder: path }
}
