import type { CommandContext } from '../../../framework/api/command.ts'
import type { ConfigProblem } from '../../../framework/api/index.ts'
import type { MirrorFile } from './read-mirror-file.ts'

/** What would be done, for `--check`. */
export function planLines({ flows, heartbeatFlows, plan }: MirrorFile): string[] {
  const lines = flows.map(({ flow }) => {
    const { sourceConfig, worker, target } = flow
    const topics = `topics = ${sourceConfig.topics.join(', ')}; topics.exclude = ${sourceConfig['topics.exclude'].join(', ')}`
    const where = `group ${worker.groupId} and offsets ${worker.offsetStorageTopic} on ${target}`
    return `${flow.name}: ${topics}; tasks.max = ${sourceConfig['tasks.max']}; ${where}`
  })
  const beating = heartbeatFlows.map(({ flow: { name, worker, target } }) => {
    return `${name}: heartbeats only, to ${target}; group ${worker.groupId} and offsets ${worker.offsetStorageTopic} on ${target}`
  })
  const { length } = plan.warnings
  return [
    ...lines,
    ...beating,
    length === 0 ? 'No problems.' : `No problems, ${length} ${length === 1 ? 'warning' : 'warnings'}.`,
  ]
}

/** Warnings as plain lines for `--check`, as log lines where logs go on. */
export function tellWarnings(
  file: string,
  warnings: readonly ConfigProblem[],
  { check }: { readonly check: boolean },
  { logger, terminal }: CommandContext,
): void {
  if (check) {
    terminal.problems(`${file}: warning`, warnings)
    return
  }
  for (const { key, value, message } of warnings) {
    const line = `${file}: ${key}${value === undefined ? '' : ` = ${value}`}: ${message}`
    logger.warn({ file, key, ...(value === undefined ? {} : { value }) }, line)
  }
}
