import type { AbortedTransaction } from '../record-batch/index.ts'
import { compactString, ProtocolReader, ProtocolWriter, uuid } from './codec.ts'

/** Fetch by topic id (Kafka 3.1 and later): a topic deleted and created again is told apart from its predecessor. */
export const FETCH_BY_ID = { name: 'Fetch', apiKey: 1, version: 13, flexible: true } as const
/** Fetch by topic name, for brokers before 3.1. */
export const FETCH_BY_NAME = { name: 'Fetch', apiKey: 1, version: 12, flexible: true } as const

export interface FetchPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly currentLeaderEpoch: number
  readonly fetchOffset: number
  /** Leader epoch of the last record read; the broker answers with a diverging epoch when its log no longer continues from there. -1 = unknown. */
  readonly lastFetchedEpoch: number
}

export interface FetchRequest {
  readonly byId: boolean
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly partitionMaxBytes: number
  readonly readCommitted: boolean
  readonly sessionId: number
  /** 0 = begin a session, -1 = end it, else one more than the last. */
  readonly sessionEpoch: number
  /** Those to add, or whose position moved since the last request of the session. Neighbours by topic. */
  readonly partitions: readonly FetchPartition[]
  readonly forgotten: readonly Pick<FetchPartition, 'topic' | 'topicId' | 'partition'>[]
  readonly rack: string
}

const CONSUMER_REPLICA_ID = -1

/** Runs of neighbours that share a topic. */
const byTopic = <P extends { readonly topic: string; readonly topicId: string }>(partitions: readonly P[]): P[][] => {
  const groups: P[][] = []
  let last: P[] | null = null
  for (const partition of partitions) {
    if (last !== null && last[0]?.topic === partition.topic && last[0]?.topicId === partition.topicId) last.push(partition)
    else {
      last = [partition]
      groups.push(last)
    }
  }
  return groups
}

export const encodeFetch = (request: FetchRequest): Buffer => {
  const w = new ProtocolWriter()
  const writeTopic = (of: { readonly topic: string; readonly topicId: string }): void =>
    request.byId ? uuid.write(w, of.topicId) : compactString.write(w, of.topic)
  w.int32(CONSUMER_REPLICA_ID)
  w.int32(request.maxWaitMs)
  w.int32(request.minBytes)
  w.int32(request.maxBytes)
  w.int8(request.readCommitted ? 1 : 0)
  w.int32(request.sessionId)
  w.int32(request.sessionEpoch)
  const topics = byTopic(request.partitions)
  w.unsignedVarint(topics.length + 1)
  for (const partitions of topics) {
    writeTopic(partitions[0] as FetchPartition)
    w.unsignedVarint(partitions.length + 1)
    for (const partition of partitions) {
      w.int32(partition.partition)
      w.int32(partition.currentLeaderEpoch)
      w.int64(partition.fetchOffset)
      w.int32(partition.lastFetchedEpoch)
      w.int64(-1)
      w.int32(request.partitionMaxBytes)
      w.unsignedVarint(0)
    }
    w.unsignedVarint(0)
  }
  const forgotten = byTopic(request.forgotten)
  w.unsignedVarint(forgotten.length + 1)
  for (const partitions of forgotten) {
    writeTopic(partitions[0] as FetchPartition)
    w.unsignedVarint(partitions.length + 1)
    for (const { partition } of partitions) w.int32(partition)
    w.unsignedVarint(0)
  }
  compactString.write(w, request.rack)
  w.unsignedVarint(0)
  return w.bytes
}

export interface FetchedPartition {
  /** Topic name, or topic id where fetched by id. */
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly aborted: readonly AbortedTransaction[]
  /** A replica nearer to the rack we named, to be asked instead (KIP-392); -1 = none. */
  readonly preferredReadReplica: number
  /** The leader's log no longer continues from what was read: it holds that epoch only up to `endOffset`. */
  readonly diverging: { readonly epoch: number; readonly endOffset: number } | null
  /** Record batches, the last one perhaps torn. A view of the response. */
  readonly records: Buffer
}

export interface FetchResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly sessionId: number
  readonly partitions: readonly FetchedPartition[]
}

const NO_ABORTED: readonly AbortedTransaction[] = []
const NO_RECORDS = Buffer.alloc(0)
const DIVERGING_EPOCH_TAG = 0

export const decodeFetch = (body: Buffer, byId: boolean): FetchResponse => {
  const r = new ProtocolReader(body)
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const sessionId = r.int32()
  const partitions: FetchedPartition[] = []
  for (let topics = r.unsignedVarint() - 1; topics > 0; topics--) {
    const topic = byId ? uuid.read(r) : compactString.read(r)
    for (let count = r.unsignedVarint() - 1; count > 0; count--) partitions.push(readPartition(r, topic))
    r.skipTags()
  }
  return { throttleTimeMs, errorCode, sessionId, partitions }
}

const readPartition = (r: ProtocolReader, topic: string): FetchedPartition => {
  const partition = r.int32()
  const errorCode = r.int16()
  const highWatermark = r.int64()
  const lastStableOffset = r.int64()
  const logStartOffset = r.int64()
  const aborted = readAborted(r)
  const preferredReadReplica = r.int32()
  const length = r.unsignedVarint()
  const records = length > 1 ? r.raw(length - 1) : NO_RECORDS
  const diverging = readDiverging(r)
  return {
    topic,
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    aborted,
    preferredReadReplica,
    diverging,
    records,
  }
}

const readAborted = (r: ProtocolReader): readonly AbortedTransaction[] => {
  const count = r.unsignedVarint() - 1
  if (count <= 0) return NO_ABORTED
  const aborted: AbortedTransaction[] = []
  for (let i = 0; i < count; i++) {
    aborted.push({ producerId: r.int64(), firstOffset: r.int64() })
    r.skipTags()
  }
  return aborted
}

const readDiverging = (r: ProtocolReader): FetchedPartition['diverging'] => {
  let diverging: FetchedPartition['diverging'] = null
  for (let fields = r.unsignedVarint(); fields > 0; fields--) {
    const tag = r.unsignedVarint()
    const field = new ProtocolReader(r.raw(r.unsignedVarint()))
    if (tag === DIVERGING_EPOCH_TAG) diverging = { epoch: field.int32(), endOffset: field.int64() }
  }
  return diverging
}
