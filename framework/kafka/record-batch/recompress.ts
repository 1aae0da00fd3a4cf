import { RecordBatch } from './batch.ts'
import { CODEC_NAMES, type Codec } from './codecs/codec.ts'
import { compress } from './codecs/index.ts'
import { rawRecords } from './decode.ts'
import { finishBatch, withHeaderSpace } from './encode.ts'
import { codecIdOf, isPlain, type JoinedBatch } from './join.ts'
import * as at from './layout.ts'
import { mergeRecords } from './merge.ts'
import { MAX_HEAD_GROWTH } from './rewrite.ts'

/**
 * Batches up to these sizes (bytes as stored) cost at most a third of what a broker spends on one batch more, about
 * 85 µs, when they are decompressed, joined and compressed again; by test/bench/micro/record-batch.ts.
 */
const WORTH_UP_TO_BYTES: Readonly<Record<Codec, number>> = { none: 0, gzip: 1024, snappy: 4096, lz4: 4096, zstd: 1024 }

/** No more content than this is compressed at once: a few milliseconds. */
const MAX_CONTENT_BYTES = 1024 * 1024

/** Whether a batch is so small that `recompressBatches` costs far less than appending it alone. Looks at the header only. */
export function isWorthRecompressing(bytes: Buffer): boolean {
  const codec = CODEC_NAMES[codecIdOf(bytes)]
  return codec !== undefined && bytes.length <= WORTH_UP_TO_BYTES[codec] && isPlain(bytes)
}

/**
 * Joins compressed neighbours the expensive way: decompress, join, compress with the same codec. Takes the longest run
 * from the first on whose bytes sum up to `limitBytes`. Null if there are not two to join, or if the result is larger
 * than the limit because the source compressed harder. Throws `ConnectError` BATCH_CORRUPT.
 */
export function recompressBatches(batches: readonly Buffer[], limitBytes: number): JoinedBatch | null {
  const codec = batches.length === 0 ? 0 : codecIdOf(batches[0]!)
  if (codec === 0) return null
  const contents: Buffer[] = []
  let room = 0
  let size = at.RECORDS
  let joined = 0
  for (; joined < batches.length; joined++) {
    const bytes = batches[joined]!
    size += bytes.length - at.RECORDS
    if (size > limitBytes || codecIdOf(bytes) !== codec || !isPlain(bytes)) break
    const content = rawRecords(new RecordBatch(bytes), MAX_CONTENT_BYTES * 64)
    const grown = room + content.length + bytes.readInt32BE(at.RECORD_COUNT) * MAX_HEAD_GROWTH
    if (grown > MAX_CONTENT_BYTES) break
    room = grown
    contents.push(content)
  }
  if (joined < 2) return null
  const to = Buffer.allocUnsafe(room)
  let next = 0
  const { end, fields } = mergeRecords(batches, joined, codec, () => contents[next++]!, to, 0)
  const bytes = finishBatch(withHeaderSpace(compress(CODEC_NAMES[codec]!, to.subarray(0, end))), fields)
  return bytes.length > limitBytes ? null : { bytes, count: fields.count, joined }
}
