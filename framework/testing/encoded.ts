import type { EncodedRecords, SourceRecord } from '../api/index.ts'

/** A stand-in for an encoded batch: `size` zero bytes, or the records' values joined. No RecordBatch: only for writers in memory. */
export function encoded(
  topic: string,
  partition: number,
  records: readonly SourceRecord[] | number,
  size?: number,
): EncodedRecords {
  const isCount = typeof records === 'number'
  const bytes =
    isCount || size !== undefined
      ? Buffer.alloc(size ?? 100)
      : Buffer.concat(records.map(record => record.value ?? Buffer.alloc(0)))
  return { topic, partition, bytes, count: isCount ? records : records.length, records: () => (isCount ? [] : records) }
}

/** Groups records by target partition, in the stand-in form. Records without a partition go to partition 0. */
export function encodeInMemory(records: readonly SourceRecord[]): EncodedRecords[] {
  const groups = Map.groupBy(records, record => `${record.partition ?? 0}/${record.topic}`)
  return [...groups.values()].map(group => encoded(group[0]!.topic, group[0]!.partition ?? 0, group))
}
