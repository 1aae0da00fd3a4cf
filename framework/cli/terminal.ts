import { styleText } from 'node:util'
import type { Following, Terminal, TextStyle } from '../api/command.ts'
import type { ConfigProblem } from '../api/index.ts'
import { shareStream } from './printed-by-others.ts'

const REFRESH_MS = 500

/** What log-update offers and is used here. */
interface LiveText {
  (text: string): void
  persist(text: string): void
  done(): void
}

/** Standard output and error of this process. */
export class StreamTerminal implements Terminal {
  readonly #stdout: NodeJS.WriteStream
  readonly #stderr: NodeJS.WriteStream
  readonly #outputClosed = new AbortController()
  #live: LiveText | undefined

  constructor(stdout: NodeJS.WriteStream = process.stdout, stderr: NodeJS.WriteStream = process.stderr) {
    this.#stdout = stdout
    this.#stderr = stderr
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      this.#outputClosed.abort()
    })
  }

  get outputClosed(): AbortSignal {
    return this.#outputClosed.signal
  }

  /** Not on a terminal without a size: nothing can be placed there. */
  get isInteractive(): boolean {
    return this.#stdout.isTTY === true && this.#stdout.rows > 0 && this.#stdout.columns > 0
  }

  get columns(): number {
    return this.#stdout.columns ?? 80
  }

  get rows(): number {
    return this.#stdout.rows ?? 24
  }

  /** Where logs go so that they scroll above what is shown in place; undefined = straight to standard error. */
  get logDestination(): { write(line: string): void } | undefined {
    if (!this.isInteractive || this.#stderr.isTTY !== true) return undefined
    return {
      write: line => {
        if (this.#live === undefined) this.#stderr.write(line)
        else this.#live.persist(line.replace(/\n$/, ''))
      },
    }
  }

  style(style: TextStyle, text: string): string {
    return styleText(style, text, { stream: this.#stdout })
  }

  print(line: string): void {
    this.#stdout.write(`${line}\n`)
  }

  problems(file: string, problems: readonly ConfigProblem[]): void {
    for (const { key, value, message } of problems) {
      const isOfFile = file !== '' && key !== file && !key.startsWith('--')
      this.#stderr.write(`${isOfFile ? `${file}: ` : ''}${key}${value === undefined ? '' : ` = ${value}`}: ${message}\n`)
    }
  }

  /** An error as one line, with `verbose` as a stack with all causes. */
  unexpected(error: unknown, verbose: boolean): void {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const stack = verbose && error instanceof Error ? `\n${stackOf(error)}` : ''
    this.#stderr.write(`isthmus: unexpected error: ${message}${stack}\n`)
  }

  /** Where an error comes from, for those who asked with `--verbose`. */
  stack(error: Error): void {
    this.#stderr.write(`${stackOf(error)}\n`)
  }

  async follow(render: () => readonly string[]): Promise<Following> {
    const { createLogUpdate } = await import('log-update')
    const shared = shareStream(this.#stdout, lines => this.#live?.persist(lines))
    const live: LiveText = createLogUpdate(shared.foot)
    this.#live = live
    const refresh = (): void => live(render().join('\n'))
    refresh()
    const timer = setInterval(refresh, REFRESH_MS)
    return {
      close: () => {
        clearInterval(timer)
        refresh()
        live.done()
        this.#live = undefined
        shared.release()
      },
    }
  }
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own
}
