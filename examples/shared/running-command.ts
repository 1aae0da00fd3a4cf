import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { CLI, readable, root } from './cli.ts'

const KILL_AFTER_MS = 15_000

export interface RunningCommandOptions {
  /** Of `isthmus`; paths are from the folder of the project. */
  readonly args: readonly string[]
  /** What its files take from the environment: bootstrap servers. */
  readonly env: Readonly<Record<string, string>>
  /** True: where there is a terminal, the command shows its progress on it, so that nobody else may print meanwhile. */
  readonly ownsTerminal?: boolean
}

/** An `isthmus` command that runs until it is stopped, in a process of its own, what it prints shown as it comes. */
export class RunningCommand {
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>
  readonly #child: ChildProcess
  readonly #name: string
  #isStopped = false

  constructor({ args, env, ownsTerminal = false }: RunningCommandOptions) {
    const watched = ownsTerminal && process.stdout.isTTY && process.stderr.isTTY
    this.#name = args[0] ?? ''
    this.#child = spawn(process.execPath, [CLI, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', ...(watched ? (['inherit', 'inherit'] as const) : (['pipe', 'pipe'] as const))],
    })
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      if (output !== null) createInterface({ input: output }).on('line', line => console.log(`  ${readable(line)}`))
    }
    this.exited = once(this.#child, 'close').then(([code, signal]: unknown[]) => (code ?? signal) as number | string)
  }

  /** Rejects when it ends without having been stopped; otherwise resolves once it has. */
  async untilStopped(): Promise<void> {
    const code = await this.exited
    if (!this.#isStopped) throw new Error(`isthmus ${this.#name} ended by itself (${code})`)
  }

  /** SIGTERM: it finishes what is under way and stores its offsets. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS)
    await this.exited
    clearTimeout(timer)
  }

  /** SIGKILL: nothing is finished, nothing stored. Resolves when it has ended. */
  async kill(): Promise<void> {
    this.#isStopped = true
    this.#child.kill('SIGKILL')
    await this.exited
  }
}
