import type { KafkaCluster } from '../../kafka-tool/index.ts'
import type { StartedProcess } from '../processes.ts'
import type { ContestantName } from '../results.ts'

export interface Job {
  readonly source: KafkaCluster
  readonly target: KafkaCluster
  /** Of the source cluster, used by no other job: nobody finds another's offsets. */
  readonly alias: string
  readonly topic: string
  /** `<alias>.<topic>`: what the default replication policy makes of it. */
  readonly targetTopic: string
  /** Of the topic's batches. */
  readonly codec: 'none' | 'lz4'
  /** Whether compressing them again saves anything. */
  readonly compressible: boolean
  /** How many the topic holds. */
  readonly records: number
}

export interface Contestant {
  readonly name: ContestantName
  /** One line for the report. */
  readonly settings: string
  /** True: it creates the target topic itself, mirrors until stopped, and its latency is of interest. */
  readonly isMirror: boolean
  start(job: Job): Promise<StartedProcess>
}

/** Why a contestant cannot take part, in one line. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}
