import { existsSync } from 'node:fs'
import { type BridgeChannel, type ItemVisitor, openBridgeChannel } from './bridge-channel.ts'
import type * as t from './bridge-types.ts'
import type { KafkaCluster } from './cluster.ts'
import { type JavaConsumer, SeenRecords, type WireSeen } from './java-consumer.ts'
import { partitionFolder } from './log-damage.ts'

export { BridgeError } from './bridge-channel.ts'
export type * from './bridge-types.ts'
export type { JavaConsumer } from './java-consumer.ts'

/**
 * The official Java clients in one JVM that stays up. Methods may run concurrently; each rejects with BridgeError
 * when the client throws. Start one per test file, close it at the end.
 */
export class Bridge {
  readonly #channel: BridgeChannel
  #loads = 0
  #consumers = 0

  constructor(channel: BridgeChannel) {
    this.#channel = channel
  }

  close(): Promise<void> {
    return this.#channel.close()
  }

  /** Resolves when every partition has a leader. */
  createTopic(cluster: t.Target, topic: string, options: t.TopicOptions = {}): Promise<t.TopicDescription> {
    return this.#ask('createTopic', cluster, { topic, ...options })
  }

  async deleteTopic(cluster: t.Target, topic: string): Promise<void> {
    await this.#ask('deleteTopic', cluster, { topic })
  }

  async createPartitions(cluster: t.Target, topic: string, partitions: number): Promise<void> {
    await this.#ask('createPartitions', cluster, { topic, partitions })
  }

  /** Sorted. */
  listTopics(cluster: t.Target, options: { internal?: boolean } = {}): Promise<string[]> {
    return this.#ask('listTopics', cluster, options)
  }

  describeTopic(cluster: t.Target, topic: string): Promise<t.TopicDescription> {
    return this.#ask('describeTopic', cluster, { topic })
  }

  describeCluster(cluster: t.Target): Promise<{ clusterId: string; brokers: number[] }> {
    return this.#ask('describeCluster', cluster, {})
  }

  /** Incremental. `{ broker: '' }` is the default of all brokers. */
  async alterConfig(cluster: t.Target, resource: t.ConfigResource, change: t.ConfigChange): Promise<void> {
    await this.#ask('alterConfig', cluster, { ...resource, ...change })
  }

  describeConfig(cluster: t.Target, resource: t.ConfigResource): Promise<t.ConfigEntries> {
    return this.#ask('describeConfig', cluster, resource)
  }

  /** Deletes what lies before the offset (-1: everything); resolves with the new first offset. */
  deleteRecords(cluster: t.Target, topic: string, partition: number, beforeOffset: number): Promise<number> {
    return this.#ask('deleteRecords', cluster, { topic, partition, beforeOffset })
  }

  /** By partition. With `read_committed` the latest is where the first open transaction begins, if there is one. */
  offsets(cluster: t.Target, topic: string, options: { isolation?: t.Isolation } = {}): Promise<t.PartitionOffsets[]> {
    return this.#ask('offsets', cluster, { topic, ...options })
  }

  /** Bytes of the logs, by partition. */
  logSizes(cluster: t.Target, topic: string): Promise<number[]> {
    return this.#ask('logSizes', cluster, { topic })
  }

  async moveLeader(cluster: t.Target, topic: string, partition: number, broker: number): Promise<void> {
    await this.#ask('moveLeader', cluster, { topic, partition, broker })
  }

  listGroups(cluster: t.Target): Promise<string[]> {
    return this.#ask('listGroups', cluster, {})
  }

  describeGroup(
    cluster: t.Target,
    group: string,
  ): Promise<{ state: string; members: { memberId: string; clientId: string; host: string }[] }> {
    return this.#ask('describeGroup', cluster, { group })
  }

  groupOffsets(cluster: t.Target, group: string): Promise<t.GroupOffset[]> {
    return this.#ask('groupOffsets', cluster, { group })
  }

  async alterGroupOffsets(cluster: t.Target, group: string, offsets: readonly t.GroupOffset[]): Promise<void> {
    await this.#ask('alterGroupOffsets', cluster, { group, offsets })
  }

  async deleteGroup(cluster: t.Target, group: string): Promise<void> {
    await this.#ask('deleteGroup', cluster, { group })
  }

  async createAcls(cluster: t.Target, acls: readonly t.Acl[]): Promise<void> {
    await this.#ask('createAcls', cluster, { acls })
  }

  async deleteAcls(cluster: t.Target, acls: readonly t.Acl[]): Promise<void> {
    await this.#ask('deleteAcls', cluster, { acls })
  }

  listAcls(cluster: t.Target): Promise<t.Acl[]> {
    return this.#ask('listAcls', cluster, {})
  }

  /** A SCRAM user. */
  async createUser(
    cluster: t.Target,
    user: { username: string; password: string; mechanism?: 'SCRAM-SHA-256' | 'SCRAM-SHA-512' },
  ): Promise<void> {
    await this.#ask('createUser', cluster, user)
  }

  /** Resolves with the [partition, offset] of each record. */
  produce(
    cluster: t.Target,
    topic: string,
    records: readonly t.OutgoingRecord[],
    options: t.ProduceOptions = {},
  ): Promise<[number, number][]> {
    return this.#ask('produce', cluster, { topic, records: records.map(wireRecord), ...options })
  }

  /** Records of every shape a copier may get wrong; resolves with their number. */
  writeShapes(cluster: t.Target, topic: string, options: t.ShapesOptions = {}): Promise<number> {
    return this.#ask('shapes', cluster, { topic, ...options })
  }

  /** Interleaved transactions, some aborted, with plain records between. */
  writeTransactions(cluster: t.Target, topic: string, options: t.TransactionsOptions = {}): Promise<t.TransactionsResult> {
    return this.#ask('transactions', cluster, { topic, ...options })
  }

  /** Starts a steady producer; resolves when it is about to send its first record. */
  startLoad(cluster: t.Target, topic: string, options: t.LoadOptions = {}): Promise<t.Load> {
    const load = `load-${++this.#loads}`
    return new Promise((resolve, reject) => {
      const done = this.#ask<t.LoadResult>('load', cluster, { topic, load, ...options }, () => {
        resolve({
          done,
          stop: async () => {
            await this.#ask('stopLoad', cluster, { load })
            return done
          },
        })
      })
      done.catch(reject)
    })
  }

  /** Sends records one by one to partition 0 and sees them arrive; resolves when the first one is about to be sent. */
  arrivals(cluster: t.Target, topic: string, { to, ...options }: t.ArrivalsOptions): Promise<t.Arrivals> {
    const arrivals = `arrivals-${++this.#loads}`
    return new Promise((resolve, reject) => {
      const read = (rows: [number, number, number, number][]): t.Arrival[] =>
        rows.map(([offset, timestamp, acknowledged, arrived]) => ({ offset, timestamp, acknowledged, arrived }))
      const fields = { topic, arrivals, to: wireTarget(to), ...options }
      const done = this.#ask<[number, number, number, number][]>('arrivals', cluster, fields, () => {
        resolve({
          done: done.then(read),
          stop: async () => {
            await this.#ask('stopArrivals', cluster, { arrivals })
            return read(await done)
          },
        })
      })
      done.catch(reject)
    })
  }

  /** A member of a consumer group, running from now on: it commits what it has told of, and when it stops it has committed all of it. */
  consume(cluster: t.Target, options: t.ConsumeOptions): JavaConsumer {
    const consumer = `consumer-${++this.#consumers}`
    const seen = new SeenRecords()
    const done = this.#ask<number>('consume', cluster, { consumer, ...options }, item => seen.add(item as WireSeen))
    done.then(
      () => seen.end(),
      (error: Error) => seen.end(error),
    )
    return {
      records: seen.records,
      done,
      awaitRecords: count => seen.awaitRecords(count),
      stop: async () => {
        await this.#ask('stopConsume', cluster, { consumer })
        return done
      },
    }
  }

  /** Every record from the first to where the topic ends now: in offset order within a partition. */
  async dump(
    cluster: t.Target,
    topic: string,
    options: { partition?: number; isolation?: t.Isolation } = {},
  ): Promise<t.DumpedRecord[]> {
    const records: t.DumpedRecord[] = []
    await this.#ask('dump', cluster, { topic, ...options }, item => records.push(readRecord(item as WireRecord)))
    return records
  }

  /**
   * Resolves with the number of records read once there are at least `count` in a topic that need not exist yet;
   * rejects after `timeoutMs` (30000).
   */
  awaitRecords(
    cluster: t.Target,
    topic: string,
    count: number,
    options: { isolation?: t.Isolation; timeoutMs?: number } = {},
  ): Promise<number> {
    return this.#ask('await', cluster, { topic, count, ...options })
  }

  /** The batches of a partition as one of the cluster's brokers has them on disk. */
  batches(cluster: KafkaCluster, topic: string, partition: number): Promise<t.DumpedBatch[]> {
    const folder = findFolder(cluster, topic, partition)
    return this.#ask('batches', cluster, { folder })
  }

  /** Compares a topic with its copy, record by record. */
  compare(source: t.Target, target: t.Target, topic: string, options: t.CompareOptions = {}): Promise<t.Comparison> {
    return this.#ask('compare', source, { topic, source: wireTarget(source), target: wireTarget(target), ...options })
  }

  #ask<T>(command: string, cluster: t.Target, fields: object, onItem?: ItemVisitor): Promise<T> {
    return this.#channel.request(command, { ...wireTarget(cluster), ...fields }, onItem) as Promise<T>
  }
}

/** One JVM start, about a second. `version` is that of the Java clients. */
export async function startBridge(options: { version?: string; heapMb?: number } = {}): Promise<Bridge> {
  return new Bridge(await openBridgeChannel(options))
}

/** Where the first broker that has a partition keeps its segments. */
function findFolder(cluster: KafkaCluster, topic: string, partition: number): string {
  const folders = cluster.brokers.map(broker => partitionFolder(broker, topic, partition))
  const folder = folders.find(existsSync)
  if (folder === undefined) throw new Error(`No broker of ${cluster.name} has ${topic}-${partition}`)
  return folder
}

interface WireRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
}

function wireTarget(target: t.Target): { bootstrap: string; properties: Readonly<Record<string, string>> } {
  if (typeof target === 'string') return { bootstrap: target, properties: {} }
  const properties = 'javaProperties' in target ? target.javaProperties : target.security?.javaProperties
  return { bootstrap: target.bootstrapServers, properties: properties ?? {} }
}

function wireRecord(record: t.OutgoingRecord): object {
  const headers = record.headers?.map(([name, value]) => [name, encode(value)])
  return { ...record, key: encode(record.key), value: encode(record.value), headers }
}

function readRecord(record: WireRecord): t.DumpedRecord {
  const headers = record.headers.map(([name, value]) => [name, decode(value)] as const)
  return { ...record, key: decode(record.key), value: decode(record.value), headers }
}

function encode(bytes: t.Bytes | undefined): string | null {
  if (bytes === null || bytes === undefined) return null
  return (typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes).toString('base64')
}

function decode(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'base64')
}
