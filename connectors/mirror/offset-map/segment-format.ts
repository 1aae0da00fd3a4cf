import { ConnectError } from '../../../framework/api/index.ts'
import { int32, ProtocolReader, ProtocolWriter, struct } from '../../../framework/kafka/protocol/codec.ts'
import { sizeOfLong, VarintReader, writeLong } from '../../../framework/kafka/record-batch/varint.ts'
import { type StoredRecord, text } from '../formats/record-format.ts'
import { RunSegment, SEGMENT_RUNS, UNKNOWN } from './run-segment.ts'

/** Names a segment of the map of one source partition. */
export interface SegmentKey {
  /** Name on the source. */
  readonly topic: string
  readonly partition: number
  readonly segment: number
}

export interface StoredSegment {
  readonly runs: RunSegment
  /** Of the source topic, 32 hexadecimal digits; null = not known. */
  readonly topicId: string | null
  /** Source offset below which everything was accounted for when this was written; counts in the last segment only. */
  readonly coveredEnd: number
}

const VERSION = 0
const ID_BYTES = 16
const HEADER_BYTES = 2 + ID_BYTES
/** In the place of a length: nothing is known from here on, and no target follows. */
const NO_RUN = -1
const NO_ID = '0'.repeat(2 * ID_BYTES)

const keyType = struct({ topic: text, partition: int32, segment: int32 })

/** Key: `topic` STRING, `partition` INT32, `segment` INT32, big-endian as in Kafka's protocol. */
export function encodeSegmentKey(key: SegmentKey): Buffer {
  const writer = new ProtocolWriter()
  keyType.write(writer, key)
  return writer.bytes
}

/** @throws ConnectError OFFSET_MAP_MALFORMED, kind `partition` */
export function decodeSegmentKey(record: StoredRecord): SegmentKey {
  try {
    return keyType.read(new ProtocolReader(Buffer.from(record.key ?? [])))
  } catch (cause) {
    throw malformed('its key cannot be read', record, cause)
  }
}

/**
 * Value: INT16 version = 0; 16 bytes topic id, zeros = not known; then zigzag varints as in records: `coveredEnd`, the number of entries, and per
 * entry its start minus the end of the run before it (the first: its start), its length, and its target minus the target's end
 * of the run before it (the first: its target). Length -1 = unknown from there on: no target follows, and the next entry counts from its start.
 */
export function encodeSegment({ runs, topicId, coveredEnd }: StoredSegment): Buffer {
  const numbers = [coveredEnd, runs.count]
  let end = 0
  let targetEnd = 0
  for (let i = 0; i < runs.count; i++) {
    const [start, length, target] = [runs.start(i), runs.length(i), runs.target(i)]
    if (target === UNKNOWN) numbers.push(start - end, NO_RUN)
    else {
      numbers.push(start - end, length, target - targetEnd)
      targetEnd = target + length
    }
    end = start + length
  }
  const bytes = Buffer.allocUnsafe(numbers.reduce((sum, number) => sum + sizeOfLong(number), HEADER_BYTES))
  bytes.writeInt16BE(VERSION, 0)
  bytes.write(topicId ?? NO_ID, 2, 'hex')
  let at = HEADER_BYTES
  for (const number of numbers) at = writeLong(bytes, number, at)
  return bytes
}

/** @throws ConnectError OFFSET_MAP_MALFORMED, kind `partition`: also when the numbers go backwards */
export function decodeSegment(number: number, record: StoredRecord): StoredSegment {
  const bytes = Buffer.from(record.value ?? [])
  if (bytes.length < HEADER_BYTES + 2) throw malformed(`its value has ${bytes.length} bytes`, record)
  if (bytes.readInt16BE(0) !== VERSION) throw malformed(`its version is ${bytes.readInt16BE(0)}`, record)
  const id = bytes.toString('hex', 2, HEADER_BYTES)
  const reader = new VarintReader(bytes, HEADER_BYTES)
  const coveredEnd = reader.long()
  const count = reader.long()
  if (count < 1 || count > SEGMENT_RUNS) throw malformed(`it counts ${count} runs`, record)
  const runs = readRuns(number, count, reader, record)
  if (reader.at > bytes.length) throw malformed('it ends too early', record)
  return { runs, topicId: id === NO_ID ? null : id, coveredEnd }
}

function readRuns(number: number, count: number, reader: VarintReader, record: StoredRecord): RunSegment {
  const runs = new RunSegment(number, count)
  let end = 0
  let targetEnd = 0
  for (let i = 0; i < count; i++) {
    const hole = reader.long()
    const length = reader.long()
    const isUnknown = length === NO_RUN
    const gap = isUnknown ? 0 : reader.long()
    if (hole < 0 || length < NO_RUN || gap < 0) throw malformed('its offsets go backwards', record)
    const start = end + hole
    runs.push(start, isUnknown ? 0 : length, isUnknown ? UNKNOWN : targetEnd + gap)
    end = isUnknown ? start : start + length
    if (!isUnknown) targetEnd += gap + length
  }
  return runs
}

function malformed(problem: string, { partition, offset }: StoredRecord, cause?: unknown): ConnectError {
  const message = `The offset map's partition ${partition} at offset ${offset}: no segment of a map: ${problem}. Look for what else writes to the topic.`
  return new ConnectError('OFFSET_MAP_MALFORMED', message, { kind: 'partition', stage: 'decode', cause })
}
