import { open, readFile, rename } from 'node:fs/promises'
import { ConfigError, type SourceOffset, type SourcePartition } from '../api/index.ts'
import type { OffsetEntry, OffsetStore } from './offset-store.ts'
import { partitionKey } from './partition-key.ts'

interface StoredEntry {
  readonly connector: string
  readonly partition: SourcePartition
  readonly offset: SourceOffset
}

/**
 * Offsets of a worker's sources in one JSON file, `{ "offsets": [{ connector, partition, offset }, …] }`: written whole for each commit, beside the
 * file and put in its place once the disk has it, so that whatever ends the process leaves the old file or the new one. Commits that
 * meet are written together. (Kafka Connect's file holds Java objects and cannot be read here.)
 */
export class FileOffsets {
  readonly #path: string
  readonly #entries: Map<string, StoredEntry>
  #writing: Promise<void> | undefined
  #next: Promise<void> | undefined

  private constructor(path: string, entries: Map<string, StoredEntry>) {
    this.#path = path
    this.#entries = entries
  }

  /**
   * Reads the file; one that does not exist is made by the first commit.
   * @throws ConfigError when it cannot be read or holds something else
   */
  static async open(path: string, key = 'offset.storage.file.filename'): Promise<FileOffsets> {
    const text = await readIfThere(path, key)
    const entries = new Map<string, StoredEntry>()
    for (const entry of text === undefined ? [] : parse(path, text, key))
      entries.set(keyOf(entry.connector, entry.partition), entry)
    return new FileOffsets(path, entries)
  }

  forConnector(connector: string): OffsetStore {
    return {
      load: async partitions => partitions.map(partition => this.#entries.get(keyOf(connector, partition))?.offset ?? null),
      save: entries => this.#save(connector, entries),
    }
  }

  async #save(connector: string, entries: readonly OffsetEntry[]): Promise<void> {
    for (const [partition, offset] of entries) {
      this.#entries.set(keyOf(connector, partition), { connector, partition, offset })
    }
    await this.#write()
  }

  /** What is written after a call began has what the call stored. */
  #write(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#replace().finally(() => {
        this.#writing = undefined
      })
      return this.#writing
    }
    const after = (): Promise<void> => {
      this.#next = undefined
      return this.#write()
    }
    this.#next ??= this.#writing.then(after, after)
    return this.#next
  }

  async #replace(): Promise<void> {
    const lines = [...this.#entries.values()].map(entry => JSON.stringify(entry))
    const beside = `${this.#path}.new`
    const file = await open(beside, 'w')
    try {
      await file.writeFile(`{"offsets":[\n${lines.join(',\n')}\n]}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, this.#path)
  }
}

const keyOf = (connector: string, partition: SourcePartition): string => JSON.stringify([connector, partitionKey(partition)])

async function readIfThere(path: string, key: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError([{ key, value: path, message: `the file cannot be read: ${(error as Error).message}` }])
  }
}

function parse(path: string, text: string, key: string): readonly StoredEntry[] {
  try {
    const { offsets } = JSON.parse(text) as { readonly offsets?: unknown }
    if (Array.isArray(offsets) && offsets.every(isEntry)) return offsets
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
  }
  const message =
    'the file does not hold offsets as Isthmus writes them; name another one, or delete it to read all sources from their beginnings'
  throw new ConfigError([{ key, value: path, message }])
}

function isEntry(value: unknown): value is StoredEntry {
  const { connector, partition, offset } = (value ?? {}) as Record<string, unknown>
  return typeof connector === 'string' && isObject(partition) && isObject(offset)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
