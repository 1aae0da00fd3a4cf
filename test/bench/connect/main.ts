import { render, save } from '../print.ts'
import { runConnectBench } from './bench.ts'
import { parseConnectOptions } from './options.ts'
import { connectPrintout } from './report.ts'

const INTERRUPTED = 130

const options = parseConnectOptions(process.argv.slice(2))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(INTERRUPTED))

const started = performance.now()
const say = (line: string): void => {
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}\n`)
}

try {
  const report = await runConnectBench(options, say)
  const printout = connectPrintout(report)
  process.stdout.write(`\n${render(printout)}`)
  say(`saved in ${save(report, printout, { prefix: 'connect-', json: options.json })}`)
  process.exitCode = report.failures.length > 0 ? 1 : 0
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`)
  process.exitCode = 1
}
