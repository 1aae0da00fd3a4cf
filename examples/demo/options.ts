import { parseArgs } from 'node:util'

const HELP = `npm run demo: two Kafka clusters, a mirror between them, and a comparison record by record

  npm run demo                the whole demo; exit code 0 if every record arrived as it was sent
  npm run demo -- --keep      leaves the clusters and the mirror running and says what to try next
  npm run demo -- --help

Needs Node with npm, a JDK 17 or newer, and Maven, which fetches Kafka once (about 100 MB).
Exit codes: 0 all equal; 1 a difference or a failure; 130, 143 interrupted.`

export interface DemoOptions {
  readonly keep: boolean
}

/** Undefined when there is nothing to do but what was printed; an option that is not known sets the exit code. */
export function parseOptions(args: readonly string[]): DemoOptions | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { keep: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help !== true) return { keep: values.keep === true }
    console.log(HELP)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(`${error.message}\n\n${HELP}`)
    process.exitCode = 1
  }
  return undefined
}
