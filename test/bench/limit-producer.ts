/**
 * Produces a topic's batches from memory, as they are, as fast as one idempotent producer can: one connection, five requests in flight,
 * each with one batch of every partition. Usage: limit-producer.ts bootstrap topic recordsPerPartition segment…
 * Reads up to 32 MB of each segment (partition 0 first) and goes round them until each partition has its records. Then it waits to be killed.
 */
import { check } from '../../framework/kafka/cluster.ts'
import { decodeProduce, encodeProduce, PRODUCE } from '../../framework/kafka/protocol/produce.ts'
import { stampBatch } from '../../framework/kafka/record-batch/index.ts'
import { RECORD_COUNT } from '../../framework/kafka/record-batch/layout.ts'
import { newProducerIdentity, type ProducerIdentity } from '../../framework/kafka/writer/producer-identity.ts'
import { readBatches } from './log-files.ts'
import { openCluster } from './target-watch.ts'

const IN_FLIGHT = 5
const PRELOADED_BYTES = 32 * 1024 * 1024
const TIMEOUT_MS = 30_000
const ALL_REPLICAS = -1

interface Supply {
  readonly partition: number
  readonly batches: readonly Buffer[]
  next: number
  produced: number
}

const [bootstrap, topic, perPartition, ...segments] = process.argv.slice(2) as [string, string, string, ...string[]]
const wanted = Number(perPartition)

const supplies: readonly Supply[] = segments.map((file, partition) => {
  const batches = readBatches(file, PRELOADED_BYTES)
  if (batches.length <= IN_FLIGHT)
    throw new Error(`${file} holds ${batches.length} batches: too few to go round with ${IN_FLIGHT} in flight`)
  return { partition, batches, next: 0, produced: 0 }
})

const cluster = await openCluster(bootstrap)
await cluster.describeTopics([topic])
const leader = cluster.topic(topic)?.partitions[0]?.leaderId
if (leader === undefined) throw new Error(`${topic} does not exist`)
const connection = await cluster.connection(leader, 'produce')
const identity = await newProducerIdentity(cluster, AbortSignal.timeout(TIMEOUT_MS))

const take = (
  supply: Supply,
  { producerId, producerEpoch }: ProducerIdentity,
): { topic: string; partition: number; bytes: Buffer } => {
  const bytes = supply.batches[supply.next] as Buffer
  supply.next = (supply.next + 1) % supply.batches.length
  stampBatch(bytes, { producerId, producerEpoch, baseSequence: supply.produced })
  supply.produced += bytes.readInt32BE(RECORD_COUNT)
  return { topic, partition: supply.partition, bytes }
}

const produceInTurn = async (): Promise<void> => {
  for (;;) {
    const batches = supplies.filter(({ produced }) => produced < wanted).map(supply => take(supply, identity))
    if (batches.length === 0) return
    const answer = await connection.sendRaw(PRODUCE, encodeProduce(batches, ALL_REPLICAS, TIMEOUT_MS))
    for (const { partitions } of decodeProduce(answer).topics) {
      for (const { partition, errorCode } of partitions) check(errorCode, `producing to ${topic}-${partition}`, 'produce')
    }
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, produceInTurn))
