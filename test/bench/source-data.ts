import type { Arena } from './arena.ts'
import { runBenchJava } from './bench-java.ts'
import { shapeOf } from './log-files.ts'
import type { LogShape } from './results.ts'
import { PARTITIONS, recordCount, type Workload } from './workloads.ts'

export interface SourceData {
  readonly workload: Workload
  readonly records: number
  readonly shape: LogShape
}

const LOAD_MS_PER_MB = 200
const LOAD_MIN_MS = 60_000

/**
 * Writes a workload's records with Java's producer into a topic of its name.
 * @throws when what lies in the log is not what the workload is about
 */
export const writeSourceData = async ({ source, bridge }: Arena, workload: Workload, mb: number): Promise<SourceData> => {
  const { name, values, keyBytes, valueBytes, codec, batchBytes, compressedShare } = workload
  await bridge.createTopic(source, name, { partitions: PARTITIONS })
  const records = recordCount(workload, mb)
  const args = [
    source.bootstrapServers,
    name,
    PARTITIONS,
    records,
    values,
    keyBytes,
    valueBytes,
    codec,
    batchBytes,
    compressedShare,
  ]
  await runBenchJava('SourceData', args.map(String), Math.max(LOAD_MIN_MS, mb * LOAD_MS_PER_MB))
  const shape = shapeOf(source, name, workload)
  check(shape, workload, records)
  return { workload, records, shape }
}

export const describeShape = ({ workload, records, batches, codecs, averageBatchBytes, ratio, logMb }: LogShape): string =>
  `${workload}: ${records} records in ${batches} batches, codec ${codecs.join('+')}, on average ${averageBatchBytes} bytes, ` +
  `${ratio.toFixed(2)}:1, ${logMb.toFixed(0)} MB of log`

const check = (shape: LogShape, { codec, expected }: Workload, records: number): void => {
  const within = (value: number, [low, high]: readonly [number, number]) => low <= value && value <= high
  const ok =
    shape.records === records &&
    shape.codecs.join() === codec &&
    within(shape.averageBatchBytes, expected.batchBytes) &&
    within(shape.ratio, expected.ratio)
  if (ok) return
  const [low, high] = expected.batchBytes
  const wanted = `${records} records, codec ${codec}, ${low}–${high} bytes a batch, ratio ${expected.ratio.join('–')}`
  throw new Error(`the source data is not what this workload measures: ${describeShape(shape)}; wanted: ${wanted}`)
}
