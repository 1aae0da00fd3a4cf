import type { ProduceBatch } from '../protocol/produce.ts'
import { encodeBatch, partitionOf } from '../record-batch/index.ts'

/** Well below every broker's default `max.message.bytes` of 1 MB. */
const BATCH_BYTES = 512 * 1024
/** Lengths, deltas and header count of a record, at most. */
const RECORD_OVERHEAD = 32

/** A record to write; a null value deletes the key. */
export interface TopicLogEntry {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
  /** Absent = as Kafka's default partitioner chooses by the key. */
  readonly partition?: number
}

/**
 * The entries as plain batches, in rounds to be sent one after the other: each round holds at most one batch per partition.
 * Entries of one partition keep their order; neighbours share a batch, which the broker appends as a whole, up to 512 KB.
 */
export const batchRounds = (
  topic: string,
  entries: readonly TopicLogEntry[],
  partitions: number,
  nowMs: number,
): ProduceBatch[][] => {
  const rounds: ProduceBatch[][] = []
  for (const [partition, mine] of Map.groupBy(entries, entry => entry.partition ?? partitionOf(entry.key, partitions))) {
    chunks(mine).forEach((chunk, round) => {
      const records = chunk.map(({ key, value }) => ({ key, value, timestamp: nowMs, headers: [] }))
      rounds[round] ??= []
      rounds[round].push({ topic, partition, bytes: encodeBatch(records, { codec: 'none' }) })
    })
  }
  return rounds
}

const chunks = (entries: readonly TopicLogEntry[]): TopicLogEntry[][] => {
  const chunked: TopicLogEntry[][] = []
  let room = 0
  for (const entry of entries) {
    const bytes = entry.key.length + (entry.value?.length ?? 0) + RECORD_OVERHEAD
    if (bytes > room || chunked.length === 0) {
      chunked.push([])
      room = BATCH_BYTES
    }
    chunked.at(-1)?.push(entry)
    room -= bytes
  }
  return chunked
}
