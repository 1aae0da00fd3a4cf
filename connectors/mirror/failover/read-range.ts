import { ConnectError } from '../../../framework/api/index.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { KafkaReader } from '../../../framework/kafka/reader/reader.ts'
import { defaultReaderSettings } from '../../../framework/kafka/reader/settings.ts'
import { type DecodedRecord, decodeBatch, RecordBatch } from '../../../framework/kafka/record-batch/index.ts'

/** Offsets of one partition, `to` not included and not past its end. */
export interface PartitionRange {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

/**
 * The records of a range, those of open and aborted transactions included, as texts that are equal where the records are, by offset.
 * What the log has lost meanwhile is missing. Rejects when the partition cannot be read, and with ABORTED.
 */
export async function readRange(
  cluster: Cluster,
  { topic, partition, from, to }: PartitionRange,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const records = new Map<number, string>()
  const ended = new AbortController()
  const end = (reason: 'moved' | ConnectError): 'stop' => {
    ended.abort(reason)
    return 'stop'
  }
  const reader = new KafkaReader(
    new Cluster(cluster.settings, cluster.logger),
    {
      gap: () => end('moved'),
      truncated: () => end('moved'),
      recreated: () => end('moved'),
      failed: (_, error) => end(error),
      retrying: () => undefined,
      flowing: () => undefined,
      measured: () => undefined,
    },
    { ...defaultReaderSettings, isolation: 'read_uncommitted' },
  )
  try {
    reader.add([{ topic, partition, offset: from }])
    for (let next = from; next < to; ) {
      const fetched = await reader.next(AbortSignal.any([signal, ended.signal]))
      if (fetched === null) break
      for (const { batches, nextOffset } of fetched.runs) {
        for (const { bytes, count, lastOffset, sourceOffsets } of batches) {
          decodeBatch(new RecordBatch(bytes), { verifyCrc: true }).forEach((record, i) => {
            records.set(sourceOffsets?.[i] ?? lastOffset - count + 1 + i, textOf(record))
          })
        }
        next = nextOffset
      }
    }
  } finally {
    await reader.close()
  }
  if (ended.signal.reason instanceof ConnectError) throw ended.signal.reason
  if (signal.aborted) throw aborted(topic)
  return records
}

function textOf({ key, value, timestamp, headers }: DecodedRecord): string {
  const base64 = (bytes: Buffer | null): string | null => bytes?.toString('base64') ?? null
  return JSON.stringify([timestamp, base64(key), base64(value), headers.map(header => [header.key, base64(header.value)])])
}

const aborted = (topic: string): ConnectError =>
  new ConnectError('ABORTED', `reading ${topic} took too long`, { kind: 'retriable', stage: 'poll' })
