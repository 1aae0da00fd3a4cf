import { parseArgs } from 'node:util'

/**
 * The flags of a program besides `--help`. Undefined when there is nothing to do but what was printed; one that is not known sets the
 * exit code.
 */
export function readFlags<Flag extends string>(
  args: readonly string[],
  help: string,
  flags: readonly Flag[],
): Readonly<Record<Flag, boolean>> | undefined {
  const options = Object.fromEntries(flags.map(flag => [flag, { type: 'boolean' as const }]))
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (values.help !== true) {
      const given: Readonly<Record<string, unknown>> = values
      return Object.fromEntries(flags.map(flag => [flag, given[flag] === true])) as Record<Flag, boolean>
    }
    console.log(help)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(`${error.message}\n\n${help}`)
    process.exitCode = 1
  }
  return undefined
}
