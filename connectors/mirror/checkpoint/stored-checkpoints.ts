import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { TopicLog, type TopicLogRecord } from '../../../framework/kafka/topic-log.ts'
import { checkpointFormat } from '../formats/index.ts'
import type { Emitted } from './tracked-group.ts'

/** The last checkpoint of every group and partition, as a checkpoints topic has them, whoever wrote them. */
export class StoredCheckpoints {
  readonly #byGroup = new Map<string, Map<string, Emitted>>()

  /**
   * Reads the topic once. Records that are no checkpoints are logged and passed over; a deleted one does not count.
   * Rejects when the topic is missing or cannot be read.
   */
  static async read(cluster: Cluster, topic: string, signal: AbortSignal): Promise<StoredCheckpoints> {
    const stored = new StoredCheckpoints()
    const log = await TopicLog.open(cluster, { topic, onRecord: record => stored.#put(topic, record) }, signal)
    await log.close()
    return stored
  }

  of(group: string, remoteTopic: string, partition: number): Emitted | null {
    return this.#byGroup.get(group)?.get(`${remoteTopic}-${partition}`) ?? null
  }

  #put(topic: string, record: TopicLogRecord): void {
    const { group, topic: remoteTopic, partition } = checkpointFormat.decodeKey(topic, record)
    const checkpoint = checkpointFormat.decode(topic, record)
    const ofGroup = this.#byGroup.get(group) ?? new Map<string, Emitted>()
    this.#byGroup.set(group, ofGroup)
    const key = `${remoteTopic}-${partition}`
    if (checkpoint === null) ofGroup.delete(key)
    else ofGroup.set(key, { upstreamOffset: checkpoint.upstreamOffset, downstreamOffset: checkpoint.downstreamOffset })
  }
}
