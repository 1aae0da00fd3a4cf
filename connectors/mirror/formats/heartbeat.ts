import { int64, struct } from '../../../framework/kafka/protocol/codec.ts'
import { RecordFormat, text, versioned } from './record-format.ts'

/** Says that a flow's worker was alive and could write to its target. */
export interface Heartbeat {
  readonly sourceClusterAlias: string
  readonly targetClusterAlias: string
  /** Milliseconds since the epoch. */
  readonly timestamp: number
}

/** Records of `heartbeats`. Source: `Heartbeat.java` of Kafka 4. */
export const heartbeatFormat = new RecordFormat(
  'heartbeat',
  struct({ sourceClusterAlias: text, targetClusterAlias: text }),
  versioned(struct({ timestamp: int64 })),
)

/** As Java's HeartbeatFormatter prints it. */
export function heartbeatText({ sourceClusterAlias, targetClusterAlias, timestamp }: Heartbeat): string {
  const aliases = `sourceClusterAlias=${sourceClusterAlias}, targetClusterAlias=${targetClusterAlias}`
  return `Heartbeat{${aliases}, timestamp=${timestamp}}`
}
