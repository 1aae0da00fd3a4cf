import type { EncodedRecords } from '../../../framework/api/index.ts'
import { EncodedBatch } from '../../../framework/kafka/encoded-batch.ts'
import { encodeEntries } from '../../../framework/kafka/record-batch/index.ts'
import { writeInt64 } from '../../../framework/kafka/record-batch/int64.ts'
import type { TrackedPartition } from './tracked-group.ts'

const VERSION = 0
/** Of one UTF-16 code unit in UTF-8. */
const MAX_CHARACTER_BYTES = 3
/** What a record takes beside the texts in it: its varints, attributes, lengths and numbers. */
const RECORD_BYTES = 50
/** A batch is closed before it exceeds this: below the brokers' `message.max.bytes` of 1048588. */
const BATCH_BYTES = 900_000

const NONE = Buffer.alloc(0)

/** Checkpoints in runs that fit into a batch each. */
export function* inBatches(checkpoints: readonly TrackedPartition[]): Generator<readonly TrackedPartition[]> {
  let from = 0
  let bytes = 0
  for (let i = 0; i < checkpoints.length; i++) {
    const { group, remoteTopic, metadata } = checkpoints[i]!
    const size = RECORD_BYTES + MAX_CHARACTER_BYTES * (group.name.length + remoteTopic.length + metadata.length)
    if (i > from && bytes + size > BATCH_BYTES) {
      yield checkpoints.slice(from, i)
      from = i
      bytes = 0
    }
    bytes += size
  }
  if (from < checkpoints.length) yield checkpoints.slice(from)
}

/** version, upstreamOffset, downstreamOffset, and the length of the metadata. */
const VALUE_BYTES = 2 + 8 + 8 + 2
/** Lengths of two texts, and the partition. */
const KEY_BYTES = 2 + 2 + 4

/**
 * Pending checkpoints as one record batch, in the format of `checkpointFormat` (a test holds them against each other), written in one go:
 * there may be fifty thousand a second.
 */
export function checkpointBatch(topic: string, checkpoints: readonly TrackedPartition[], timestamp: number): EncodedRecords {
  const names = new Names()
  const groups = checkpoints.map(({ group }) => names.of(group.name))
  const topics = checkpoints.map(({ remoteTopic }) => names.of(remoteTopic))
  const metadata = checkpoints.map(({ metadata }) => (metadata === '' ? NONE : names.of(metadata)))
  const bytes = encodeEntries(
    {
      count: checkpoints.length,
      keySize: i => KEY_BYTES + groups[i]!.length + topics[i]!.length,
      valueSize: i => VALUE_BYTES + metadata[i]!.length,
      writeKey: (i, to, at) => {
        const end = writeText(to, topics[i]!, writeText(to, groups[i]!, at))
        to.writeInt32BE(checkpoints[i]!.partition, end)
      },
      writeValue: (i, to, at) => {
        const { pending } = checkpoints[i]!
        to.writeInt16BE(VERSION, at)
        writeInt64(to, pending?.upstreamOffset ?? -1, at + 2)
        writeInt64(to, pending?.downstreamOffset ?? -1, at + 10)
        writeText(to, metadata[i]!, at + 18)
      },
    },
    timestamp,
  )
  return new EncodedBatch(topic, 0, bytes, checkpoints.length)
}

/** Names as bytes, each made once: few, said often. */
class Names {
  readonly #bytes = new Map<string, Buffer>()

  of(name: string): Buffer {
    let bytes = this.#bytes.get(name)
    if (bytes === undefined) {
      bytes = Buffer.from(name, 'utf8')
      this.#bytes.set(name, bytes)
    }
    return bytes
  }
}

function writeText(to: Buffer, text: Buffer, at: number): number {
  to.writeInt16BE(text.length, at)
  if (text.length > 0) to.set(text, at + 2)
  return at + 2 + text.length
}
