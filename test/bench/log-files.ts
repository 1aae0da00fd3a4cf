import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as at from '../../framework/kafka/record-batch/layout.ts'
import { type KafkaCluster, partitionFolder } from '../kafka-tool/index.ts'
import type { LogShape } from './results.ts'
import { PARTITIONS, recordBytes, type Workload } from './workloads.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/** What a topic's batches look like in the broker's log. */
export const shapeOf = (cluster: KafkaCluster, topic: string, workload: Workload): LogShape => {
  let records = 0
  let batches = 0
  let bytes = 0
  const codecs = new Set<string>()
  for (const file of segments(cluster, topic)) {
    for (const header of headers(file)) {
      records += header.readInt32BE(at.RECORD_COUNT)
      batches++
      bytes += sizeOf(header)
      codecs.add(CODECS[header.readInt16BE(at.ATTRIBUTES) & at.CODEC_MASK] ?? 'unknown')
    }
  }
  return {
    workload: workload.name,
    records,
    batches,
    codecs: [...codecs],
    averageBatchBytes: Math.round(bytes / batches),
    ratio: (records * recordBytes(workload)) / bytes,
    logMb: bytes / 1e6,
  }
}

export const logBytes = (cluster: KafkaCluster, topic: string): number =>
  segments(cluster, topic).reduce((sum, file) => sum + statSync(file).size, 0)

/** The first segment of each partition, for a program that wants the batches themselves. */
export const firstSegments = (cluster: KafkaCluster, topic: string): string[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => segmentsOf(cluster, topic, partition)[0] as string)

/** The whole batches within the first `maxBytes` of a segment, copied out of it. */
export const readBatches = (file: string, maxBytes: number): Buffer[] => {
  const log = readFileSync(file).subarray(0, maxBytes)
  const batches: Buffer[] = []
  for (let position = 0; position + at.RECORDS <= log.length; ) {
    const end = position + sizeOf(log.subarray(position))
    if (end > log.length) break
    batches.push(Buffer.from(log.subarray(position, end)))
    position = end
  }
  return batches
}

function* headers(file: string): Generator<Buffer> {
  const header = Buffer.alloc(at.RECORDS)
  const log = openSync(file, 'r')
  try {
    for (let position = 0; readSync(log, header, 0, header.length, position) === header.length; position += sizeOf(header))
      yield header
  } finally {
    closeSync(log)
  }
}

const sizeOf = (header: Buffer): number => at.LENGTH_OVERHEAD + header.readInt32BE(at.BATCH_LENGTH)

const segments = (cluster: KafkaCluster, topic: string): string[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => segmentsOf(cluster, topic, partition)).flat()

const segmentsOf = (cluster: KafkaCluster, topic: string, partition: number): string[] => {
  const folder = partitionFolder(cluster.brokers[0]!, topic, partition)
  return readdirSync(folder)
    .filter(name => name.endsWith('.log'))
    .sort()
    .map(name => join(folder, name))
}
