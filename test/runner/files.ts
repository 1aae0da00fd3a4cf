import { relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'
import { FileProgress } from './file-progress.ts'

// Runs test files, each in a process of its own, in the order given: put the longest first. Prints the slowest, and fails if one fails.
// usage: node test/runner/files.ts --concurrency=2 --limit=300 FILE ...     the limit, in seconds, is of each file

/** So much earlier a single test ends: it is named, and its file can clean up. */
const TEST_BEFORE_FILE_MS = 20_000

const { values, positionals } = parseArgs({
  options: { concurrency: { type: 'string' }, limit: { type: 'string' } },
  allowPositionals: true,
})
const limitMs = Number(values.limit) * 1_000
const deadline = new URL('deadline.ts', import.meta.url)
deadline.searchParams.set('ms', String(limitMs))

const progress = new FileProgress()
const events = run({
  files: positionals.map(file => resolve(file)),
  concurrency: Number(values.concurrency),
  timeout: Math.max(limitMs - TEST_BEFORE_FILE_MS, limitMs / 2),
  execArgv: ['--import', deadline.href],
})
events.on('test:dequeue', test => progress.begins(test))
events.on('test:complete', test => progress.ends(test))
events.on('test:summary', ({ file, success }) => {
  if (file === undefined && !success) process.exitCode = 1
})
await pipeline(events, new spec(), process.stdout, { end: false })
for (const line of progress.report(file => relative(process.cwd(), file))) console.log(line)
