import assert from 'node:assert/strict'
import type { Bridge, DumpedBatch, KafkaCluster } from '../kafka-tool/index.ts'

/** What the brokers of both sides have of one partition, as Java's admin client and the files of the source tell. */
export interface Counted {
  readonly partition: number
  readonly sourceStart: number
  readonly sourceEnd: number
  /** Records on the target. */
  readonly copied: number
  /** Of the log of the source. */
  readonly sourceBytes: number
  readonly batches: readonly DumpedBatch[]
}

export async function countedAt(
  bridge: Bridge,
  source: KafkaCluster,
  target: KafkaCluster,
  topic: string,
): Promise<readonly Counted[]> {
  const [ends, copies, sizes] = await Promise.all([
    bridge.offsets(source, topic),
    bridge.offsets(target, `A.${topic}`),
    bridge.logSizes(source, topic),
  ])
  return Promise.all(
    ends.map(async ({ partition, earliest, latest }) => {
      const copy = copies.find(one => one.partition === partition) ?? { earliest: 0, latest: 0 }
      const batches = await bridge.batches(source, topic, partition)
      return {
        partition,
        sourceStart: earliest,
        sourceEnd: latest,
        copied: copy.latest - copy.earliest,
        sourceBytes: sizes[partition] ?? -1,
        batches,
      }
    }),
  )
}

/** Bytes of the last batches that hold so many records; throws where they do not hold exactly as many. */
export function bytesOfLast(batches: readonly DumpedBatch[], records: number): number {
  let left = records
  let bytes = 0
  for (const { count, sizeBytes } of batches.toReversed()) {
    if (left <= 0) break
    left -= count
    bytes += sizeBytes
  }
  if (left !== 0) throw new Error(`${records} records end within a batch`)
  return bytes
}

export function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** When the oldest record from an offset on was written, by the timestamp of its batch: milliseconds since the epoch. */
export function writtenMs(batches: readonly DumpedBatch[], fromOffset: number): number {
  const first = batches.find(({ lastOffset }) => lastOffset >= fromOffset)
  if (first === undefined) throw new Error(`no batch from offset ${fromOffset} on`)
  return first.maxTimestamp
}

/** An age that was told between two moments, within a second. */
export function assertAge(toldMs: number, sinceMs: number, [afterMs, beforeMs]: readonly [number, number]): void {
  const [least, most] = [afterMs - sinceMs - 1_000, beforeMs - sinceMs + 1_000]
  assert.ok(
    toldMs >= least && toldMs <= most,
    `an age of ${toldMs} ms, it is between ${least} and ${most} with a second on either side`,
  )
}
