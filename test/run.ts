import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { slowFirst } from './runner/slow-first.ts'
import { runStage, type Stage } from './runner/stage.ts'

/**
 * Everything `npm test` checks, in the order in which failures are cheapest to learn of. The limits of all stages, long ones too, are 90 minutes
 * together: who waits that long always gets a result.
 */
const root = dirname(import.meta.dirname)
const MINUTE_MS = 60_000

interface TestStage {
  readonly pattern: string
  readonly concurrency: number
  /** Of each file. */
  readonly fileLimitMs: number
  readonly limitMs: number
  /** Those that end in .long.test.ts, or the others. */
  readonly long?: boolean
}

function tests(name: string, { pattern, concurrency, fileLimitMs, limitMs, long = false }: TestStage): Stage {
  const files = globSync(pattern, { cwd: root }).filter(file => /\.long\.test\.ts$/.test(file) === long)
  const options = [`--concurrency=${concurrency}`, `--limit=${fileLimitMs / 1000}`]
  return { name, command: process.execPath, args: ['test/runner/files.ts', ...options, ...slowFirst(files)], limitMs }
}

const types = (name: string, project: string): Stage => ({
  name,
  command: process.execPath,
  args: ['node_modules/typescript/bin/tsc', '-p', project],
  limitMs: 2 * MINUTE_MS,
})

const prepare = (name: string, tool: string, limitMs: number): Stage => ({
  name,
  command: process.execPath,
  args: [`test/${tool}/prepare.ts`],
  limitMs,
})

const QUICK: readonly Stage[] = [
  { name: 'lint', command: 'node_modules/.bin/biome', args: ['ci', '--error-on-warnings', '.'], limitMs: 2 * MINUTE_MS },
  types('types', 'test/tsconfig.json'),
  types('types of the page', 'test/browser/tsconfig.json'),
  tests('unit', {
    pattern: 'test/{unit,arch}/**/*.test.ts',
    concurrency: availableParallelism(),
    fileLimitMs: 5 * MINUTE_MS,
    limitMs: 8 * MINUTE_MS,
  }),
]
const BROWSER: readonly Stage[] = [
  prepare('Chromium', 'browser-tool', 8 * MINUTE_MS),
  tests('browser', { pattern: 'test/browser/**/*.test.ts', concurrency: 1, fileLimitMs: 5 * MINUTE_MS, limitMs: 6 * MINUTE_MS }),
]
const BROKERS: readonly Stage[] = [
  prepare('Jaeger', 'jaeger-tool', 10 * MINUTE_MS),
  prepare('Prometheus', 'prometheus-tool', 5 * MINUTE_MS),
  tests('real brokers', {
    pattern: 'test/{kafka,interop,package}/**/*.test.ts',
    concurrency: availableParallelism() + 1,
    fileLimitMs: 5 * MINUTE_MS,
    limitMs: 27 * MINUTE_MS,
  }),
]
const LONG: readonly Stage[] = [
  tests('fire and soak', {
    pattern: 'test/**/*.test.ts',
    long: true,
    concurrency: 1,
    fileLimitMs: 8 * MINUTE_MS,
    limitMs: 20 * MINUTE_MS,
  }),
]

// Every process of the tests would strip the types of the same files again.
process.env.NODE_COMPILE_CACHE ??= join(root, '.cache', 'node')
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, long: { type: 'boolean' } } })
const stages = values.long ? LONG : values.quick ? QUICK : [...QUICK, ...BROWSER, ...BROKERS]
const startedAt = performance.now()
const failed: string[] = []
for (const stage of stages) {
  const from = performance.now()
  console.log(`\n# ${stage.name}`)
  const code = await runStage(stage, root)
  console.log(`# ${stage.name}: ${code === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - from) / 1000).toFixed(1)} s`)
  if (code !== 0) failed.push(stage.name)
}
console.log(`\n${stages.length} stages in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
console.log(failed.length === 0 ? 'All passed.' : `Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
