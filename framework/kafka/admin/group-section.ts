import type { ProtocolReader } from '../protocol/codec.ts'
import { ErrorCode } from '../protocol/error-codes.ts'

export interface CommittedOffset {
  readonly topic: string
  readonly partition: number
  /** Of the next record to read. */
  readonly offset: number
  /** As given with the commit; '' = none. */
  readonly metadata: string
}

export interface GroupSection {
  readonly group: string
  /** Partitions without an offset are left out. */
  readonly offsets: readonly CommittedOffset[]
  /** Of the group or, where that is none, of its first partition that has one. */
  readonly errorCode: number
}

/** One group in an OffsetFetch response of version 8, read field by field: there may be fifty thousand partitions a second. */
export function readGroupSection(reader: ProtocolReader): GroupSection {
  const group = compactString(reader)
  const offsets: CommittedOffset[] = []
  let partitionError: number = ErrorCode.NONE
  for (let topics = reader.unsignedVarint() - 1; topics > 0; topics--) {
    const topic = compactString(reader)
    for (let partitions = reader.unsignedVarint() - 1; partitions > 0; partitions--) {
      const partition = reader.int32()
      const offset = reader.int64()
      reader.int32()
      const metadata = compactString(reader)
      const errorCode = reader.int16()
      reader.skipTags()
      if (errorCode !== ErrorCode.NONE) partitionError ||= errorCode
      else if (offset >= 0) offsets.push({ topic, partition, offset, metadata })
    }
    reader.skipTags()
  }
  const groupError = reader.int16()
  reader.skipTags()
  return { group, offsets, errorCode: groupError || partitionError }
}

/** Null as ''. */
function compactString(reader: ProtocolReader): string {
  const length = reader.unsignedVarint() - 1
  if (length <= 0) return ''
  const from = reader.at
  reader.at += length
  return reader.buffer.toString('utf8', from, reader.at)
}
