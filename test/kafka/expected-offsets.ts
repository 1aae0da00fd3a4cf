import type { DumpedRecord } from '../kafka-tool/index.ts'

/**
 * Where each committed offset of a source partition should go on in its copy: at the copy of the first record at or after it, or behind the last one.
 * The index is the committed offset, from 0 to the end of the log.
 * @param originals the partition's records, `copies` those of its copy: the same ones in the same order
 * @param logEnd of the source partition; behind its last record by default
 */
export function expectedOffsets(
  originals: readonly DumpedRecord[],
  copies: readonly DumpedRecord[],
  logEnd = (originals.at(-1)?.offset ?? -1) + 1,
): number[] {
  const expected: number[] = []
  originals.forEach(({ offset }, i) => {
    const previous = copies[i - 1]
    while (expected.length < offset) expected.push(previous === undefined ? copies[i]!.offset : previous.offset + 1)
    expected.push(copies[i]!.offset)
  })
  const end = (copies.at(-1)?.offset ?? -1) + 1
  while (expected.length <= logEnd) expected.push(end)
  return expected
}

export const ofPartition = (records: readonly DumpedRecord[], partition: number): DumpedRecord[] =>
  records.filter(record => record.partition === partition)
