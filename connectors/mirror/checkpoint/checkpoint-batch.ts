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
  const bytes = encodeEntries(
    {
      count: checkpoints.length,
      keySize: i => {
        const { group, remoteTopic } = checkpoints[i]!
        return KEY_BYTES + names.of(group.name).length + names.of(remoteTopic).length
      },
      valueSize: i => VALUE_BYTES + names.of(checkpoints[i]!.metadata).length,
      writeKey: (i, to, at) => {
        const { group, remoteTopic, partition } = checkpoints[i]!
        const end = writeText(to, names.of(remoteTopic), writeText(to, names.of(group.name), at))
        to.writeInt32BE(partition, end)
      },
      writeValue: (i, to, at) => {
        const { pending, metadata } = checkpoints[i]!
        to.writeInt16BE(VERSION, at)
        writeInt64(to, pending?.upstreamOffset ?? -1, at + 2)
        writeInt64(to, pending?.downstreamOffset ?? -1, at + 10)
        writeText(to, names.of(metadata), at + 18)
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
  to.set(text, at + 2)
  return at + 2 + text.length
}
