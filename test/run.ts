import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'

/** Everything `npm test` checks, in the order in which failures are cheapest to learn of. */
const root = dirname(import.meta.dirname)

interface Stage {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

const tests = (name: string, pattern: string, concurrency: number, skip: RegExp = /\.long\.test\.ts$/): Stage => ({
  name,
  command: process.execPath,
  args: [
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=300000',
    ...globSync(pattern, { cwd: root })
      .filter(file => !skip.test(file))
      .sort(),
  ],
})

const QUICK: readonly Stage[] = [
  { name: 'lint', command: 'node_modules/.bin/biome', args: ['ci', '--error-on-warnings', '.'] },
  { name: 'types', command: process.execPath, args: ['node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.json'] },
  {
    name: 'types of the page',
    command: process.execPath,
    args: ['node_modules/typescript/bin/tsc', '-p', 'test/browser/tsconfig.json'],
  },
  tests('unit', 'test/{unit,arch}/**/*.test.ts', availableParallelism()),
]
const BROWSER: readonly Stage[] = [
  { name: 'Chromium', command: process.execPath, args: ['test/browser-tool/prepare.ts'] },
  tests('browser', 'test/browser/**/*.test.ts', 1),
]
const BROKERS: readonly Stage[] = [
  { name: 'Jaeger', command: process.execPath, args: ['test/jaeger-tool/prepare.ts'] },
  { name: 'Prometheus', command: process.execPath, args: ['test/prometheus-tool/prepare.ts'] },
  tests('real brokers', 'test/{kafka,interop,package}/**/*.test.ts', 2),
]
const LONG: readonly Stage[] = [tests('fire and soak', 'test/**/*.long.test.ts', 1, /^$/)]

const runStage = ({ command, args }: Stage): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, long: { type: 'boolean' } } })
const stages = values.long ? LONG : values.quick ? QUICK : [...QUICK, ...BROWSER, ...BROKERS]
const startedAt = performance.now()
const failed: string[] = []
for (const stage of stages) {
  const from = performance.now()
  console.log(`\n# ${stage.name}`)
  const code = await runStage(stage)
  console.log(`# ${stage.name}: ${code === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - from) / 1000).toFixed(1)} s`)
  if (code !== 0) failed.push(stage.name)
}
console.log(`\n${stages.length} stages in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
console.log(failed.length === 0 ? 'All passed.' : `Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
