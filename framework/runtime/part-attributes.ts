import type { Attributes } from '@opentelemetry/api'
import type { EncodedRecords, SourcePart } from '../api/index.ts'
import { RecordBatch } from '../kafka/record-batch/index.ts'
import { type EventName, SpanAttribute, type SpanEvent } from '../telemetry/index.ts'
import type { PartitionEvent } from './partition-events.ts'
import type { PartDescription } from './trace-options.ts'

/** Codes of brokers that are not, or not any more, the leader. */
const LEADERSHIP: ReadonlySet<string> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'PREFERRED_LEADER_NOT_AVAILABLE',
])

/** Of a RecordBatch. Tests hand on what is none. */
const HEADER_BYTES = 61

const NAMES: Readonly<Record<PartitionEvent['kind'], EventName>> = {
  retrying: 'retry',
  flowing: 'flowing again',
  gap: 'gap',
  recreated: 'topic recreated',
  failed: 'partition failed',
}

/** What happened to a partition, as an event of a span. */
export function eventOf({ at, kind, side, code, cause }: PartitionEvent): SpanEvent {
  const isLeader = kind === 'retrying' && code !== undefined && LEADERSHIP.has(code)
  const attributes: Attributes = {
    ...(side !== undefined && { [SpanAttribute.side]: side }),
    ...(code !== undefined && { [SpanAttribute.errorType]: code }),
    ...(cause !== undefined && { [SpanAttribute.cause]: cause }),
  }
  return { name: isLeader ? 'leader change' : NAMES[kind], at, attributes }
}

/** What the messaging conventions say of an operation of a client. */
export function operation(name: string, type: 'receive' | 'send' | 'process' | 'settle'): Attributes {
  return { [SpanAttribute.operationName]: name, [SpanAttribute.operationType]: type }
}

/** Of parts that say nothing themselves: where their first record goes, and when it was. */
export const defaultDescription: PartDescription = {
  answersAtOnce: false,
  topicOf: part => firstRecord(part)?.topic,
  attributes: part => {
    const topic = firstRecord(part)?.topic
    return topic === undefined ? {} : { [SpanAttribute.destination]: topic }
  },
  timestampOf: ({ records }) => {
    if (!isEncoded(records)) return records.at(-1)?.timestamp || -1
    return records.bytes.length < HEADER_BYTES ? -1 : new RecordBatch(records.bytes).maxTimestamp || -1
  },
}

function firstRecord(part: Pick<SourcePart, 'sourcePartition'>): { readonly topic: string } | undefined {
  if (!('records' in part)) return undefined
  const { records } = part as SourcePart
  return isEncoded(records) ? records : records[0]
}

/** How many records a part has. */
export function recordsOf({ records }: SourcePart): number {
  return isEncoded(records) ? records.count : records.length
}

export function isEncoded(records: SourcePart['records']): records is EncodedRecords {
  return !Array.isArray(records)
}
