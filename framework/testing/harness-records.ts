import type { ConnectRecord, ConnectValue, SourceBatch, SourcePart, SourceRecord } from '../api/index.ts'

/** `text`: bytes are UTF-8. `json`: bytes are parsed. Values that a task emitted as such stay what they are either way. */
export type RecordFormat = 'text' | 'json'

/** What is worth comparing of a record, whether its task emitted bytes or values. */
export interface ReadableRecord {
  readonly topic: string
  readonly partition: number | null
  readonly key: unknown
  readonly value: unknown
  readonly headers: readonly (readonly [key: string, value: unknown])[]
  readonly timestamp: number
}

/** The records of a batch or part, in order, fit for assertions. Encoded batches are decoded. */
export function recordsOf(emitted: SourceBatch | SourcePart, format: RecordFormat = 'text'): readonly ReadableRecord[] {
  const parts = 'parts' in emitted ? emitted.parts : [emitted]
  return parts.flatMap(part => listOf(part).map(record => readable(record, format)))
}

/** The records of a part, encoded ones decoded. */
export function listOf({ records }: SourcePart): readonly (SourceRecord | ConnectRecord)[] {
  return 'bytes' in records ? records.records() : records
}

function readable(record: SourceRecord | ConnectRecord, format: RecordFormat): ReadableRecord {
  const { topic, partition = null, key, value, headers, timestamp } = record
  const read = (data: ConnectValue): unknown => readValue(data, format)
  return {
    topic,
    partition,
    key: read(key),
    value: read(value),
    headers: headers.map(header => [header.key, read(header.value)] as const),
    timestamp,
  }
}

function readValue(data: ConnectValue, format: RecordFormat): unknown {
  if (!(data instanceof Uint8Array)) return data
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')
  return format === 'json' ? JSON.parse(text) : text
}
