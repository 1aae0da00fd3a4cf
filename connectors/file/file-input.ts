import { type FileHandle, open, stat } from 'node:fs/promises'
import { ConnectError, type Logger } from '../../framework/api/index.ts'
import type { ByteInput, ReadOutcome } from './byte-input.ts'

export interface FileInputOptions {
  readonly path: string
  /** Bytes before are left out. */
  readonly position: number
  readonly logger: Logger
}

/**
 * A file that grows. One that is not there yet is waited for. When it is cut off, or another file takes its place, as in log rotation, reading
 * goes on at the beginning.
 */
export class FileInput implements ByteInput {
  readonly #path: string
  readonly #logger: Logger
  #position: number
  #file: FileHandle | undefined
  #isMissed = false

  constructor({ path, position, logger }: FileInputOptions) {
    this.#path = path
    this.#position = position
    this.#logger = logger
  }

  async read(into: Buffer): Promise<ReadOutcome> {
    try {
      this.#file ??= await this.#open()
      return this.#file === undefined ? 'nothing' : await this.#readFrom(this.#file, into)
    } catch (cause) {
      const message = `${this.#path} cannot be read at byte ${this.#position}: ${(cause as Error).message}`
      throw new ConnectError('FILE_UNREADABLE', message, { kind: 'fatal', stage: 'poll', cause })
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  async #open(): Promise<FileHandle | undefined> {
    const file = await unlessAbsent(open(this.#path, 'r'))
    if (file === undefined && !this.#isMissed)
      this.#logger.warn({ file: this.#path }, `${this.#path} does not exist; waiting for it`)
    if (file !== undefined && this.#isMissed) this.#logger.info({ file: this.#path }, `${this.#path} is there`)
    this.#isMissed = file === undefined
    return file
  }

  async #readFrom(file: FileHandle, into: Buffer): Promise<ReadOutcome> {
    const count = await this.#readAt(file, into)
    if (count > 0) return count
    const { size } = await file.stat()
    if (size < this.#position) {
      this.#logger.warn(
        { file: this.#path, position: this.#position, size },
        `${this.#path} was cut off: it has ${size} bytes, ${this.#position} had been read; reading it from its beginning`,
      )
      return this.#restart()
    }
    if (!(await this.#isReplaced(file))) return 'nothing'
    // What was written to the old file before anything was to the new one.
    const last = await this.#readAt(file, into)
    if (last > 0) return last
    this.#logger.info(
      { file: this.#path, position: this.#position },
      `${this.#path} is another file now; reading it from its beginning`,
    )
    await this.close()
    return this.#restart()
  }

  async #readAt(file: FileHandle, into: Buffer): Promise<number> {
    const { bytesRead } = await file.read(into, 0, into.length, this.#position)
    this.#position += bytesRead
    return bytesRead
  }

  #restart(): 'restarted' {
    this.#position = 0
    return 'restarted'
  }

  /** An empty file does not count: who writes may not have gone over to it. */
  async #isReplaced(file: FileHandle): Promise<boolean> {
    const [there, here] = await Promise.all([unlessAbsent(stat(this.#path, { bigint: true })), file.stat({ bigint: true })])
    return there !== undefined && there.size > 0n && (there.ino !== here.ino || there.dev !== here.dev)
  }
}

async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
