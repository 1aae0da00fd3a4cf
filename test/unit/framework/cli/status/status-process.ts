import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ISTHMUS = fileURLToPath(new URL('../../../../../framework/cli/isthmus.ts', import.meta.url))
const DEADLINE_MS = 30_000

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `isthmus status …` in a process of its own, its output a pipe. */
export class StatusProcess {
  readonly process: ChildProcess
  #stdout = ''
  #stderr = ''
  readonly #ended: Promise<unknown>

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { ISTHMUS_STATUS_URL: _, COLUMNS: __, ...inherited } = process.env
    this.process = spawn(process.execPath, [ISTHMUS, 'status', ...args], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
    })
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    this.#ended = once(this.process, 'close')
  }

  get stdout(): string {
    return this.#stdout
  }

  /** Resolves once standard output or error has what is looked for; it is looked for behind `from`. */
  async waitFor(what: RegExp, stream: 'stdout' | 'stderr' = 'stdout', from = 0): Promise<void> {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const text = (): string => (stream === 'stdout' ? this.#stdout : this.#stderr).slice(from)
    while (!what.test(text())) {
      if (this.process.exitCode !== null) throw new Error(`ended without ${what}: ${this.#stdout}${this.#stderr}`)
      await once(this.process[stream]!, 'data', { signal })
    }
  }

  async end(signal?: NodeJS.Signals): Promise<Ended> {
    if (signal !== undefined) this.process.kill(signal)
    await this.#ended
    return { code: this.process.exitCode, stdout: this.#stdout, stderr: this.#stderr }
  }
}

export function status(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new StatusProcess(args, env).end()
}
