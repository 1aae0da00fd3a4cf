import type { SourceOffset, SourcePartition } from '../api/index.ts'

export interface StoredOffset {
  readonly connectorName: string
  readonly partition: SourcePartition
  /** Null = deleted. */
  readonly offset: SourceOffset | null
}

/** The key under which Kafka Connect stores an offset: compact JSON, the partition's fields in the order given. */
export const offsetKey = (connectorName: string, partition: SourcePartition): Buffer =>
  Buffer.from(JSON.stringify([connectorName, partition]))

/** Reads a record of an offsets topic. Throws an Error that says what is wrong with one of another shape. */
export const parseOffsetRecord = ({
  key,
  value,
}: {
  readonly key: Buffer | null
  readonly value: Buffer | null
}): StoredOffset => {
  if (key === null) throw new Error('a source offset needs a key')
  const parsed: unknown = JSON.parse(key.toString('utf8'))
  if (!Array.isArray(parsed) || parsed.length !== 2) throw new Error(`${key} is not a key [connector name, source partition]`)
  const [connectorName, partition] = parsed as unknown[]
  if (typeof connectorName !== 'string' || !isRecord(partition))
    throw new Error(`${key} is not a key [connector name, source partition]`)
  const offset: unknown = value === null ? null : JSON.parse(value.toString('utf8'))
  if (offset !== null && !isRecord(offset)) throw new Error(`the offset of ${key} is not a JSON object: ${value}`)
  return { connectorName, partition, offset }
}

const isRecord = (value: unknown): value is SourceOffset =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(field => field === null || typeof field !== 'object')
