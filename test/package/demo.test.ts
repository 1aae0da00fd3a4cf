import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { isFaithful, summaryTable } from '../../examples/demo/comparison.ts'

const root = new URL('../../', import.meta.url).pathname

interface Demo {
  readonly child: ChildProcess
  readonly ended: Promise<[code: number | null, signal: string | null]>
  output(): string
  /** Resolves once the text has been printed; rejects when the demo ends without it. */
  printed(text: string): Promise<void>
}

/** The demo without its installation and build, which `npm test` has done. */
function runDemo(...args: string[]): Demo {
  const child = spawn(process.execPath, ['examples/demo/main.ts', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const waiting = new Map<string, () => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString()
      for (const [text, found] of waiting) if (output.includes(text)) found()
    })
  }
  const ended = once(child, 'close') as Promise<[number | null, string | null]>
  return {
    child,
    ended,
    output: () => output,
    printed: text =>
      new Promise((resolve, reject) => {
        waiting.set(text, resolve)
        ended.then(() => reject(new Error(`the demo ended before it printed ${text}:\n${output}`)), reject)
      }),
  }
}

test('npm run demo ends with equal topics and exit code 0', async () => {
  const demo = runDemo()
  const [code] = await demo.ended
  assert.equal(code, 0, demo.output())
  assert.match(demo.output(), /east->west: RUNNING, \d+ partitions, lag [\d,]+/)
  assert.equal(demo.output().match(/│ equal │/g)?.length, 4, demo.output())
  assert.match(demo.output(), /11\d,\d{3} records arrived as they were sent/)
})

test('interrupted, it ends its mirror and its clusters', async () => {
  const demo = runDemo()
  await demo.printed('east->west: RUNNING')
  const ports = [...demo.output().matchAll(/: (127\.0\.0\.1:\d+) \(Kafka/g)].map(([, address]) => address!)
  assert.equal(ports.length, 2)
  demo.child.kill('SIGINT')
  assert.deepEqual(await demo.ended, [130, null], demo.output())
  assert.match(demo.output(), /Flow east->west: STOPPED/)
  for (const port of ports) await assert.rejects(fetch(`http://${port}`), /fetch failed/)
})

test('a copy that differs is called so', () => {
  const counts = { source: 3, target: 3, missing: 0, duplicated: 0, reordered: 0, altered: 0, unexpected: 0 }
  const topic = { name: 'orders', what: '', records: 3 }
  const equal = {
    topic,
    copy: 'east.orders',
    codecs: 'lz4',
    codecsOfCopy: 'lz4',
    comparison: { ...counts, equal: true, examples: [] },
  }
  const altered = { ...equal.comparison, altered: 1, equal: false, examples: ['altered 0/2'] }
  assert.ok(isFaithful(equal))
  assert.ok(!isFaithful({ ...equal, comparison: altered }))
  assert.ok(!isFaithful({ ...equal, codecsOfCopy: 'none' }), 'compressed otherwise')
  assert.ok(!isFaithful({ ...equal, topic: { ...topic, records: 4 } }), 'fewer than were written')
  assert.match(summaryTable([{ ...equal, comparison: altered }]), /DIFFERS[\s\S]*orders: altered 0\/2/)
})

test('--help says what it needs', async () => {
  const demo = runDemo('--help')
  assert.equal((await demo.ended)[0], 0)
  assert.match(demo.output(), /npm run demo -- --keep/)
  const misspelt = runDemo('--kep')
  assert.equal((await misspelt.ended)[0], 1)
  assert.match(misspelt.output(), /Unknown option '--kep'/)
})
