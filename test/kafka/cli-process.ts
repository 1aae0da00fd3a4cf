import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ISTHMUS = fileURLToPath(new URL('../../framework/cli/isthmus.ts', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** The `isthmus` command in a process of its own. */
export class Cli {
  static readonly #running = new Set<Cli>()
  readonly #child
  readonly ended: Promise<CliResult>
  #stdout = ''
  #stderr = ''
  #told: (() => void)[] = []

  /** @param env beyond this process's */
  constructor(args: readonly string[], cwd?: string, env: Readonly<Record<string, string>> = {}) {
    const options = { env: { ...process.env, ...env }, ...(cwd !== undefined && { cwd }) }
    this.#child = spawn(process.execPath, [ISTHMUS, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    Cli.#running.add(this)
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#stdout += chunk
    })
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk
      this.#tell()
    })
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject)
      this.#child.on('close', code => {
        Cli.#running.delete(this)
        this.#tell()
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr })
      })
    })
  }

  /** The first log line whose message matches; rejects when the process ends without one. */
  async logged(pattern: RegExp, withinMs = 30_000): Promise<LogLine> {
    const deadline = AbortSignal.timeout(withinMs)
    for (;;) {
      const line = this.#completeLines().find(({ msg }) => pattern.test(msg))
      if (line !== undefined) return line
      if (this.#child.exitCode !== null || deadline.aborted)
        throw new Error(`nothing like ${pattern} was logged:\n${this.#stderr}`)
      await Promise.race([new Promise<void>(resolve => this.#told.push(resolve)), sleep(1_000, undefined, { ref: false })])
    }
  }

  /** Ends what a test that failed has left running; for `after`. */
  static killAll(): void {
    for (const cli of Cli.#running) cli.signal('SIGKILL')
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  #completeLines(): readonly LogLine[] {
    const end = this.#stderr.lastIndexOf('\n')
    return this.#stderr
      .slice(0, end + 1)
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line) as LogLine)
  }

  #tell(): void {
    const told = this.#told
    this.#told = []
    for (const resolve of told) resolve()
  }
}

/** Runs the command to its end. */
export function runCli(...args: readonly string[]): Promise<CliResult> {
  return new Cli(args).ended
}

/** Files for one test file, gone after it: call `remove` in its `after`. */
export function tempFiles(): { readonly folder: string; write(name: string, text: string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-cli-'))
  return {
    folder,
    write(name, text) {
      const path = join(folder, name)
      writeFileSync(path, text)
      return path
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
