import {
  array,
  int16,
  int32,
  int64,
  nullableString,
  ProtocolReader,
  ProtocolWriter,
  string,
  struct,
  type ValueOf,
} from './codec.ts'

/** Produce version 8, written by hand: record batches go out by reference. */
export const PRODUCE = { name: 'Produce', apiKey: 0, version: 8, flexible: false } as const

export interface ProduceBatch {
  readonly topic: string
  readonly partition: number
  readonly bytes: Buffer
}

/**
 * The request body as pieces, the batches among them uncopied. One batch per topic partition; batches of one topic must be neighbours.
 * `acks` -1 = all in-sync replicas.
 */
export const encodeProduce = (batches: readonly ProduceBatch[], acks: number, timeoutMs: number): Buffer[] => {
  const heads = new ProtocolWriter()
  const cuts: number[] = []
  heads.int16(-1)
  heads.int16(acks)
  heads.int32(timeoutMs)
  heads.int32(countTopics(batches))
  let topic: string | null = null
  for (let i = 0; i < batches.length; i++) {
    const batch = batches[i] as ProduceBatch
    if (batch.topic !== topic) {
      topic = batch.topic
      string.write(heads, topic)
      heads.int32(countPartitions(batches, i))
    }
    heads.int32(batch.partition)
    heads.int32(batch.bytes.length)
    cuts.push(heads.length)
  }
  const all = heads.bytes
  const pieces: Buffer[] = []
  let from = 0
  for (let i = 0; i < batches.length; i++) {
    const to = cuts[i] as number
    pieces.push(all.subarray(from, to), (batches[i] as ProduceBatch).bytes)
    from = to
  }
  return pieces
}

const countTopics = (batches: readonly ProduceBatch[]): number => {
  let topics = 0
  for (let i = 0; i < batches.length; i++) if (i === 0 || batches[i]?.topic !== batches[i - 1]?.topic) topics++
  return topics
}

const countPartitions = (batches: readonly ProduceBatch[], from: number): number => {
  let to = from + 1
  while (to < batches.length && batches[to]?.topic === batches[from]?.topic) to++
  return to - from
}

const response = struct({
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({
          partition: int32,
          errorCode: int16,
          baseOffset: int64,
          logAppendTimeMs: int64,
          logStartOffset: int64,
          recordErrors: array(struct({ batchIndex: int32, message: nullableString })),
          errorMessage: nullableString,
        }),
      ),
    }),
  ),
  throttleTimeMs: int32,
})

export type ProduceResponse = ValueOf<typeof response>
export type ProducedPartition = ProduceResponse['topics'][number]['partitions'][number]

export const decodeProduce = (body: Buffer): ProduceResponse => response.read(new ProtocolReader(body))
