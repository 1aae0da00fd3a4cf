import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Broker } from './broker.ts'

/** The folder of a partition's segments on a broker, whether it is there or not. */
export function partitionFolder(broker: Pick<Broker, 'dir'>, topic: string, partition: number): string {
  return join(broker.dir, 'data', `${topic}-${partition}`)
}

/** A RecordBatch starts with its base offset (int64) and the length of what follows (int32). */
const BATCH_OVERHEAD_BYTES = 12

/**
 * Makes a broker that is down forget the batches of a partition from `fromOffset` on, as a disk that lost its last writes would.
 * Take the broker down with kill(): after an orderly stop it trusts its files and does not look.
 * @returns the log's end offset after the next start, when that falls between two batches
 */
export function truncateLog(broker: Broker, topic: string, partition: number, fromOffset: number): number {
  if (broker.pid !== undefined) throw new Error(`Broker ${broker.id} runs: kill it before its log is cut`)
  const folder = partitionFolder(broker, topic, partition)
  const segments = readdirSync(folder)
    .filter(name => name.endsWith('.log'))
    .sort()
  let end = 0
  for (const [index, segment] of segments.entries()) {
    const cut = findCut(readFileSync(join(folder, segment)), fromOffset)
    end = cut.lastOffset + 1 || end || Number.parseInt(segment, 10)
    if (cut.position === undefined) continue
    truncateSync(join(folder, segment), cut.position)
    for (const file of readdirSync(folder)) if (isDerived(file, segments.slice(index + 1))) rmSync(join(folder, file))
    break
  }
  return end
}

/** Indexes and snapshots, which the broker builds anew, and the segments that came after. */
function isDerived(file: string, later: readonly string[]): boolean {
  return /\.(index|timeindex|txnindex|snapshot)$/.test(file) || later.includes(file)
}

function findCut(log: Buffer, fromOffset: number): { position: number | undefined; lastOffset: number } {
  let lastOffset = -1
  for (let position = 0; position + BATCH_OVERHEAD_BYTES <= log.length; ) {
    const baseOffset = Number(log.readBigInt64BE(position))
    if (baseOffset >= fromOffset) return { position, lastOffset }
    lastOffset = baseOffset + log.readInt32BE(position + 23)
    position += BATCH_OVERHEAD_BYTES + log.readInt32BE(position + 8)
  }
  return { position: undefined, lastOffset }
}
