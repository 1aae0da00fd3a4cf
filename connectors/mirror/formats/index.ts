export { type Checkpoint, checkpointFormat, checkpointText } from './checkpoint.ts'
export { type Heartbeat, heartbeatFormat, heartbeatText } from './heartbeat.ts'
export { type OffsetSync, offsetSyncFormat, offsetSyncText } from './offset-sync.ts'
export type { EncodedEntry, RecordFormat, StoredRecord } from './record-format.ts'
