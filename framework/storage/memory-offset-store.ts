import type { SourceOffset, SourcePartition } from '../api/index.ts'
import type { OffsetEntry, OffsetStore } from './offset-store.ts'
import { partitionKey } from './partition-key.ts'

/** Offsets for as long as the process lives: for tests and for sources that need no resumption. */
export class MemoryOffsetStore implements OffsetStore {
  readonly #offsets = new Map<string, SourceOffset>()

  async load(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | null)[]> {
    return partitions.map(partition => this.#offsets.get(partitionKey(partition)) ?? null)
  }

  async save(entries: readonly OffsetEntry[]): Promise<void> {
    for (const [partition, offset] of entries) this.#offsets.set(partitionKey(partition), offset)
  }
}
