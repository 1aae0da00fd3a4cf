import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../framework/api/index.ts'
import { Cluster } from '../../framework/kafka/cluster.ts'
import { listOffsets } from '../../framework/kafka/protocol/offsets.ts'
import { PARTITIONS } from './workloads.ts'

/** End offsets are asked for this often: a fiftieth of a second blurs a copy of one second by 2 %. */
export const POLL_MS = 20
const LATEST = -1

const ignore = (): void => undefined
const silent: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => silent }

export const openCluster = async (bootstrapServers: string): Promise<Cluster> => {
  const cluster = new Cluster(
    {
      bootstrapServers: bootstrapServers.split(','),
      clientId: 'bench',
      connectionTimeoutMs: 5_000,
      requestTimeoutMs: 30_000,
      metadataMaxAgeMs: 300_000,
      retryBackoffMs: 100,
      retryBackoffMaxMs: 1_000,
    },
    silent,
  )
  await cluster.anyConnection()
  return cluster
}

/** Records in a topic that starts at offset 0; 0 while it, or the leader of one of its partitions, is missing. One request. */
export const recordsIn = async (cluster: Cluster, topic: string): Promise<number> => {
  const known = cluster.topic(topic) ?? (await cluster.describeTopics([topic])).get(topic)
  const leader = known?.partitions[0]?.leaderId ?? -1
  if (known === undefined || known.partitions.length < PARTITIONS || leader < 0) return 0
  const connection = await cluster.connection(leader, 'control')
  const partitions = known.partitions.map(({ partition }) => ({ partition, currentLeaderEpoch: -1, timestamp: LATEST }))
  const response = await connection.send(listOffsets, { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }] })
  return response.topics.flatMap(({ partitions }) => partitions).reduce((sum, { offset }) => sum + Math.max(0, offset), 0)
}

export interface Observation<Extra> {
  readonly atMs: number
  readonly records: number
  readonly extra: Extra
}

export interface Copy<Extra> {
  /** The last look that found nothing. */
  readonly empty: Observation<Extra>
  readonly first: Observation<Extra>
  /** The first look that found half of all records. */
  readonly half: Observation<Extra>
  readonly last: Observation<Extra>
}

export interface Patience {
  /** Until the first record. */
  readonly startMs: number
  /** Between one growth and the next. */
  readonly stallMs: number
  /** Throws when there is no point in waiting on. */
  readonly check: () => void
}

/** Before anything is there; at the observations of these names, right after them. */
export type Moment = 'before' | 'first' | 'half' | 'last'

/** Watches a topic from empty to `total` records. */
export const watchCopy = <Extra>(
  cluster: Cluster,
  topic: string,
  total: number,
  look: (moment: Moment) => Extra,
  patience: Patience,
): Promise<Copy<Extra>> => watchCount({ what: topic, count: () => recordsIn(cluster, topic), total }, look, patience)

/** What grows from nothing to `total` records. */
export interface Watched {
  /** For messages. */
  readonly what: string
  readonly count: () => Promise<number>
  readonly total: number
}

/** As `watchCopy`, of anything that can be counted. */
export const watchCount = async <Extra>(
  { what, count, total }: Watched,
  look: (moment: Moment) => Extra,
  patience: Patience,
): Promise<Copy<Extra>> => {
  const startMs = performance.now()
  const initial = look('before')
  let empty = { atMs: startMs, records: 0, extra: initial }
  let first: Observation<Extra> | undefined
  let half: Observation<Extra> | undefined
  let records = 0
  for (let grownMs = startMs; ; ) {
    const now = await count()
    const atMs = performance.now()
    if (now === 0) empty = { atMs, records: 0, extra: initial }
    else first ??= { atMs, records: now, extra: look('first') }
    if (now >= total / 2) half ??= { atMs, records: now, extra: look('half') }
    if (first !== undefined && half !== undefined && now >= total)
      return { empty, first, half, last: { atMs, records: now, extra: look('last') } }
    patience.check()
    if (now > records) grownMs = atMs
    records = now
    const limitMs = first === undefined ? patience.startMs : patience.stallMs
    if (atMs - grownMs > limitMs) throw new Error(`${what} stands at ${now} of ${total} records since ${limitMs / 1000} s`)
    await delay(POLL_MS)
  }
}
