import type { SourceOffset, SourcePartition } from '../api/index.ts'
import type { OffsetEntry, OffsetStore } from '../storage/offset-store.ts'
import { partitionKey } from '../storage/partition-key.ts'

/** Offsets in memory, kept as JSON as Kafka keeps them, that can be made to fail. Share one between harnesses to test a restart. */
export class TestOffsetStore implements OffsetStore {
  readonly #offsets = new Map<string, readonly [partition: string, offset: string]>()
  #loadError: unknown
  #saveError: unknown

  /** Everything stored. */
  get entries(): readonly OffsetEntry[] {
    return [...this.#offsets.values()].map(([partition, offset]) => [parse(partition), parse(offset)] as const)
  }

  /** What is asked from now on is rejected with the error; undefined = it works again. */
  failLoads(error: unknown): void {
    this.#loadError = error
  }

  /** The same for what is stored. */
  failSaves(error: unknown): void {
    this.#saveError = error
  }

  async load(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | null)[]> {
    if (this.#loadError !== undefined) throw this.#loadError
    return partitions.map(partition => {
      const stored = this.#offsets.get(partitionKey(partition))
      return stored === undefined ? null : parse(stored[1])
    })
  }

  async save(entries: readonly OffsetEntry[]): Promise<void> {
    if (this.#saveError !== undefined) throw this.#saveError
    for (const [partition, offset] of entries) {
      this.#offsets.set(partitionKey(partition), [JSON.stringify(partition), JSON.stringify(offset)])
    }
  }
}

const parse = (json: string): SourceOffset => JSON.parse(json) as SourceOffset
