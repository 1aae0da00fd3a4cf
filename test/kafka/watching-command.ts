import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ISTHMUS = fileURLToPath(new URL('../../framework/cli/isthmus.ts', import.meta.url))

/** `isthmus status --watch`, and all that it has printed. It does not outlive this process. */
export class WatchingCommand {
  readonly #child: ChildProcess
  readonly #killAtExit: () => void
  #printed = ''

  constructor(url: string) {
    const child = spawn(process.execPath, [ISTHMUS, 'status', url, '--watch', '1'], { stdio: ['ignore', 'pipe', 'pipe'] })
    const keep = (text: Buffer): void => {
      this.#printed += text
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    this.#child = child
    this.#killAtExit = () => void child.kill('SIGKILL')
    process.once('exit', this.#killAtExit)
  }

  get printed(): string {
    return this.#printed
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child
    this.#child.kill('SIGKILL')
    if (exitCode === null && signalCode === null) await once(this.#child, 'close')
    process.removeListener('exit', this.#killAtExit)
  }
}
