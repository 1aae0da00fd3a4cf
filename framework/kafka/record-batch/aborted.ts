import type { RecordBatch } from './batch.ts'
import { corrupt } from './corrupt.ts'
import { rawRecords, recordEnd } from './decode.ts'
import { VarintReader } from './varint.ts'

/** As a fetch response lists it: an aborted transaction that overlaps the fetched range. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

/** Types in a control record's key (version int16, type int16). */
const ABORT = 0
const COMMIT = 1
/** Ended transactions that are remembered, so that a list that still names one does no harm. */
const REMEMBERED = 1000

/**
 * Drops control batches and the batches of aborted transactions of one source partition, response after response.
 *
 * A broker lists every aborted transaction that overlaps the range of a response. It lists one again while its marker
 * lies ahead, also with its first offset before the range. A transaction ends with its producer's next marker.
 * What is known from earlier responses is used only where a response continues exactly where the last one ended;
 * elsewhere a marker may have been jumped over, and its producer's next transaction would be taken for the aborted one.
 * For the same reason call `reset` when the log may have changed under the reader (truncated, created again).
 */
export class AbortedFilter {
  /** Producer id → first offsets of its aborted transactions whose marker has not been seen, ascending. */
  #open = new Map<number, number[]>()
  /** Producer id → offset of the marker of its last aborted transaction. */
  #ended = new Map<number, number>()
  #next = 0

  /** Forgets all that earlier responses said. */
  reset(): void {
    this.#open.clear()
    this.#ended.clear()
  }

  /**
   * The batches of a response that hold delivered data, in order; `batches` itself if all do.
   * `aborted` is the response's list (empty for read_uncommitted). Throws `ConnectError` BATCH_CORRUPT.
   */
  filter(aborted: readonly AbortedTransaction[], batches: readonly RecordBatch[]): readonly RecordBatch[] {
    const first = batches[0]
    if (first === undefined) return batches
    const start = first.baseOffset
    if (start !== this.#next) this.#open.clear()
    if (start < this.#next) this.#ended.clear()
    for (let i = 0; i < aborted.length; i++) this.#add(aborted[i]!)
    let kept: RecordBatch[] | null = null
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[i]!
      if (!this.#isDropped(batch)) kept?.push(batch)
      else kept ??= batches.slice(0, i)
    }
    this.#next = batches[batches.length - 1]!.lastOffset + 1
    return kept ?? batches
  }

  #add({ producerId, firstOffset }: AbortedTransaction): void {
    if (firstOffset < (this.#ended.get(producerId) ?? -1)) return
    const open = this.#open.get(producerId)
    if (open === undefined) {
      this.#open.set(producerId, [firstOffset])
    } else if (!open.includes(firstOffset)) {
      open.push(firstOffset)
      open.sort((a, b) => a - b)
    }
  }

  #isDropped(batch: RecordBatch): boolean {
    if (batch.isControl) {
      if (this.#open.size > 0) this.#endTransaction(batch)
      return true
    }
    if (this.#open.size === 0 || !batch.isTransactional) return false
    const open = this.#open.get(batch.producerId)
    return open !== undefined && open[0]! <= batch.lastOffset
  }

  #endTransaction(marker: RecordBatch): void {
    const { producerId, lastOffset } = marker
    const open = this.#open.get(producerId)
    if (open === undefined || marker.count === 0) return
    const type = controlType(marker)
    if (type !== ABORT && type !== COMMIT) return
    const later = open.filter(offset => offset > lastOffset)
    if (later.length === open.length) return
    if (later.length === 0) this.#open.delete(producerId)
    else this.#open.set(producerId, later)
    this.#ended.delete(producerId)
    this.#ended.set(producerId, lastOffset)
    if (this.#ended.size > REMEMBERED) this.#ended.delete(this.#ended.keys().next().value!)
  }
}

function controlType(batch: RecordBatch): number {
  const raw = rawRecords(batch)
  const reader = new VarintReader(raw)
  const end = recordEnd(reader, batch.baseOffset)
  reader.at++
  reader.long()
  reader.int()
  const length = reader.int()
  if (length < 4 || reader.at + 4 > end) throw corrupt(`the control batch at offset ${batch.baseOffset} has no key`)
  return raw.readInt16BE(reader.at + 2)
}
