import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const CLI = 'dist/framework/cli/isthmus.js'
export const FILE = 'examples/demo/mm2.properties'

const KILL_AFTER_MS = 15_000

/** The `isthmus mirror` command in a process of its own, its progress shown as it comes. */
export class MirrorCommand {
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>
  readonly #child: ChildProcess

  /** @param env `EAST` and `WEST`: bootstrap servers */
  constructor(env: Readonly<Record<string, string>>) {
    const watched = process.stdout.isTTY && process.stderr.isTTY
    this.#child = spawn(process.execPath, [CLI, 'mirror', FILE, '--summary-interval', '1'], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', ...(watched ? (['inherit', 'inherit'] as const) : (['pipe', 'pipe'] as const))],
    })
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      if (output !== null) createInterface({ input: output }).on('line', line => console.log(`  ${readable(line)}`))
    }
    this.exited = once(this.#child, 'close').then(([code, signal]: unknown[]) => (code ?? signal) as number | string)
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** SIGTERM: it finishes what is under way and stores its offsets. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS)
    await this.exited
    clearTimeout(timer)
  }
}

/** Log lines are JSON where no terminal shows them. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line
  const { level, msg } = JSON.parse(line) as { readonly level: string; readonly msg: string }
  return level === 'info' ? msg : styleText(level === 'warn' ? 'yellow' : 'red', `${level.toUpperCase()} ${msg}`)
}
