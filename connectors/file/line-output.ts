import { type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { ConnectError, type Logger } from '../../framework/api/index.ts'

/** Takes whole lines, one call after the other. */
export interface LineOutput {
  /** Resolves when they are with the system: they outlive this process. Retriable where the place may become writable again. */
  append(lines: string): Promise<void>
  /** Resolves when they outlive the machine, as far as that can be asked for. */
  close(): Promise<void>
}

/** Appends to a file. A line that was not written to its end, by whomever, is ended before anything else is written. */
export class FileOutput implements LineOutput {
  readonly #path: string
  readonly #file: FileHandle
  #isTorn: boolean
  /** Of what is written now: used again, since memory outside of the heap is given back late. */
  #bytes = Buffer.alloc(0)

  private constructor(path: string, file: FileHandle, isTorn: boolean) {
    this.#path = path
    this.#file = file
    this.#isTorn = isTorn
  }

  /** Creates the file where there is none. */
  static async open(path: string, logger: Logger): Promise<FileOutput> {
    try {
      const file = await open(path, 'a+')
      const isTorn = await hasOpenLine(file)
      if (isTorn) logger.warn({ file: path }, `The last line of ${path} has no end; it gets one before the first record`)
      return new FileOutput(path, file, isTorn)
    } catch (cause) {
      throw unwritable(path, 'start', cause)
    }
  }

  async append(lines: string): Promise<void> {
    const bytes = this.#bytesOf(this.#isTorn ? `\n${lines}` : lines)
    let written = 0
    try {
      while (written < bytes.length) written += (await this.#file.write(bytes, written)).bytesWritten
    } catch (cause) {
      throw unwritable(this.#path, 'deliver', cause)
    } finally {
      if (written > 0) this.#isTorn = bytes[written - 1] !== NEW_LINE
    }
  }

  #bytesOf(text: string): Buffer {
    const size = Buffer.byteLength(text)
    if (size > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(2 * size)
    this.#bytes.write(text)
    return this.#bytes.subarray(0, size)
  }

  async close(): Promise<void> {
    try {
      await this.#file.datasync()
    } finally {
      await this.#file.close()
    }
  }
}

/** Standard output. */
export class StreamOutput implements LineOutput {
  readonly #stream: Writable

  constructor(stream: Writable) {
    this.#stream = stream
  }

  append(lines: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(lines, error => (error ? reject(unwritable('standard output', 'deliver', error)) : resolve()))
    })
  }

  async close(): Promise<void> {
    // It is not ours.
  }
}

const NEW_LINE = 0x0a
/** Somebody may make room, or lend a hand. */
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EAGAIN', 'EBUSY', 'EINTR', 'ESTALE'])

async function hasOpenLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== NEW_LINE
}

function unwritable(where: string, stage: 'start' | 'deliver', cause: unknown): ConnectError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const kind = PASSING.has(code) ? 'retriable' : 'fatal'
  return new ConnectError('FILE_UNWRITABLE', `${where} cannot be written: ${message}`, { kind, stage, cause })
}
