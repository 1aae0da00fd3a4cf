import type { Readable } from 'node:stream'
import { ConnectError } from '../../framework/api/index.ts'
import type { ByteInput, ReadOutcome } from './byte-input.ts'

/** Standard input, or another stream of bytes. It is left open: a task that is started again reads on. */
export class StreamInput implements ByteInput {
  readonly #stream: Readable

  constructor(stream: Readable) {
    this.#stream = stream
  }

  async read(into: Buffer, signal: AbortSignal): Promise<ReadOutcome> {
    await this.#readable(signal)
    const count = Math.min(into.length, this.#stream.readableLength)
    if (count === 0) return this.#stream.readable ? 'nothing' : 'ended'
    return (this.#stream.read(count) as Buffer).copy(into)
  }

  async close(): Promise<void> {
    this.#stream.pause()
  }

  /** Resolves when there is something to read, when nothing will be, or when the signal aborts. */
  #readable(signal: AbortSignal): Promise<void> {
    const stream = this.#stream
    return new Promise((resolve, reject) => {
      if (stream.readableLength > 0 || !stream.readable || signal.aborted) {
        resolve()
        return
      }
      const settle = (error?: Error): void => {
        for (const event of EVENTS) stream.off(event, settle)
        signal.removeEventListener('abort', onAbort)
        if (error === undefined) resolve()
        else reject(unreadable(error))
      }
      const onAbort = (): void => settle()
      for (const event of EVENTS) stream.on(event, settle)
      signal.addEventListener('abort', onAbort)
    })
  }
}

const EVENTS = ['readable', 'end', 'close', 'error'] as const

function unreadable(cause: Error): ConnectError {
  const message = `standard input cannot be read: ${cause.message}`
  return new ConnectError('FILE_UNREADABLE', message, { kind: 'fatal', stage: 'poll', cause })
}
