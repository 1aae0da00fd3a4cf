import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const root = new URL('../../', import.meta.url).pathname

/** An example in a process of its own. */
export interface RunningProgram {
  readonly child: ChildProcess
  readonly ended: Promise<[code: number | null, signal: string | null]>
  /** Both streams, so far. */
  output(): string
  /** Resolves once the text has been printed; rejects when the program ends without it. */
  printed(text: string): Promise<void>
}

/** A program of this repository without the installation and build, which `npm test` has done. */
export function runProgram(path: string, ...args: string[]): RunningProgram {
  const child = spawn(process.execPath, [path, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
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
        ended.then(() => reject(new Error(`${path} ended before it printed ${text}:\n${output}`)), reject)
      }),
  }
}

/** Interrupts a program once its flow runs: it ends its mirror and its two clusters, and says so with its exit code. */
export async function assertInterruptible(program: RunningProgram, flow: string): Promise<void> {
  await program.printed(`${flow}: RUNNING`)
  const ports = [...program.output().matchAll(/: (127\.0\.0\.1:\d+) \(Kafka/g)].map(([, address]) => address!)
  assert.equal(ports.length, 2)
  program.child.kill('SIGINT')
  assert.deepEqual(await program.ended, [130, null], program.output())
  assert.ok(program.output().includes(`Flow ${flow}: STOPPED`), program.output())
  for (const port of ports) await assert.rejects(fetch(`http://${port}`), /fetch failed/)
}

/** The rows of a table of counts, by their first cell: written, read once, twice, missing, unknown. */
export function countsIn(output: string): Readonly<Record<string, readonly number[]>> {
  const rows = [...output.matchAll(/^│ (\S[^│]*?) +│((?: +[\d,]+ │){5})/gm)]
  return Object.fromEntries(
    rows.map(([, who = '', figures = '']) => [who, [...figures.matchAll(/[\d,]+/g)].map(([n]) => Number(n.replaceAll(',', '')))]),
  )
}
