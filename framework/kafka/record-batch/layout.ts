/**
 * Where the fields of a RecordBatch (magic 2) lie, in bytes from its start.
 * Source: "Record Batch" in Kafka's message format documentation.
 */
export const BASE_OFFSET = 0
/** int32: bytes that follow this field. */
export const BATCH_LENGTH = 8
export const PARTITION_LEADER_EPOCH = 12
export const MAGIC = 16
/** uint32, CRC-32C of everything from `ATTRIBUTES` to the end. */
export const CRC = 17
export const ATTRIBUTES = 21
export const LAST_OFFSET_DELTA = 23
export const BASE_TIMESTAMP = 27
export const MAX_TIMESTAMP = 35
export const PRODUCER_ID = 43
export const PRODUCER_EPOCH = 51
export const BASE_SEQUENCE = 53
export const RECORD_COUNT = 57
/** Where the records start; also the size of a batch without records. */
export const RECORDS = 61

/** Bytes of the header that `BATCH_LENGTH` does not count. */
export const LENGTH_OVERHEAD = 12

export const CODEC_MASK = 0x07
export const LOG_APPEND_TIME_BIT = 0x08
export const TRANSACTIONAL_BIT = 0x10
export const CONTROL_BIT = 0x20
/**
 * Set by the log cleaner when it schedules tombstones for removal: baseTimestamp then holds that deadline.
 * Records' timestamps stay baseTimestamp + delta, so the bit changes nothing for a reader.
 */
export const DELETE_HORIZON_BIT = 0x40
