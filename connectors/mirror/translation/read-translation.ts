import { ConnectError } from '../../../framework/api/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { OffsetMapStore } from '../offset-map/offset-map-store.ts'
import { OffsetSyncStore } from '../offset-syncs/offset-sync-store.ts'
import { type FlowKnowledge, FlowTranslation } from './flow-translation.ts'

type Side = 'source' | 'target'

export interface ReadTranslationOptions {
  readonly sourceAlias: string
  readonly targetAlias: string
  readonly policy: ReplicationPolicy
  /** Null = cannot be reached: what it has counts for nothing. They stay the caller's to close. */
  readonly source: Cluster | null
  readonly target: Cluster
  /** The offset-syncs topic of the flow; a null cluster as for `source`. */
  readonly syncs: { readonly cluster: Cluster | null; readonly topic: string; readonly side?: Side }
  readonly signal: AbortSignal
  /** Runs what reads from one side, to give it its time and its name in errors. */
  readonly read?: <T>(side: Side, job: (signal: AbortSignal) => Promise<T>) => Promise<T>
}

/** A flow's translation by what is stored at one moment. */
export interface ReadTranslation {
  readonly translation: FlowTranslation
  /** Of the flow. */
  readonly there: FlowKnowledge
  /** Of the flow the other way. */
  readonly back: FlowKnowledge
}

/**
 * Reads once what a flow and the one the other way have stored about their copies. The other one's offset syncs are looked for where it keeps
 * them by default, on our target. Rejects when something that exists cannot be read; what the other flow
 * stored and we have no right to read counts as missing, with a warning.
 */
export async function readTranslation(options: ReadTranslationOptions): Promise<ReadTranslation> {
  const { sourceAlias, targetAlias, policy, source, target, syncs, signal, read = (_, job) => job(signal) } = options
  const syncsCluster = syncs.cluster
  const backSyncsTopic = policy.offsetSyncsTopic(sourceAlias)
  const [map, offsetSyncs, backMap, backSyncs] = await Promise.all([
    read('target', limit => readMap(target, sourceAlias, limit)),
    syncsCluster === null ? null : read(syncs.side ?? 'source', limit => readSyncs(syncsCluster, syncs.topic, limit)),
    source === null ? null : read('source', limit => ifAllowed(source, readMap(source, targetAlias, limit))),
    backSyncsTopic === syncs.topic ? null : read('target', limit => ifAllowed(target, readSyncs(target, backSyncsTopic, limit))),
  ])
  const there = { map, syncs: offsetSyncs }
  const back = { map: backMap, syncs: backSyncs }
  const translation = new FlowTranslation({ sourceAlias, targetAlias, policy, there: () => there, back: () => back })
  return { translation, there, back }
}

/** A file for one direction may name users without rights on what the other one stores. */
async function ifAllowed<T>(cluster: Cluster, reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== 'TOPIC_AUTHORIZATION_FAILED') throw error
    inComponent(cluster.logger, 'isthmus.mirror.checkpoint').warn(
      { err: error },
      `What the flow the other way has stored may not be read, and counts as missing: ${error.message}`,
    )
    return null
  }
}

/** Closed: what was read stays. */
async function readMap(cluster: Cluster, alias: string, signal: AbortSignal): Promise<OffsetMapStore | null> {
  const store = await OffsetMapStore.openIfExists(cluster, alias, signal)
  await store?.close()
  return store
}

async function readSyncs(cluster: Cluster, topic: string, signal: AbortSignal): Promise<OffsetSyncStore | null> {
  if (!(await cluster.describeTopics([topic])).has(topic)) return null
  const store = await OffsetSyncStore.open(cluster, { topic, mustReadToEnd: false }, signal)
  await store.close()
  return store
}
