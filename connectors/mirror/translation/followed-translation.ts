import type { Logger } from '../../../framework/api/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import type { RunHealth } from '../observe/run-health.ts'
import { OffsetMapStore } from '../offset-map/offset-map-store.ts'
import { OffsetSyncStore } from '../offset-syncs/offset-sync-store.ts'
import { FlowTranslation } from './flow-translation.ts'
import { Followed } from './followed.ts'

export interface FollowedTranslationOptions {
  readonly sourceAlias: string
  readonly targetAlias: string
  readonly policy: ReplicationPolicy
  /** Both stay the caller's to close; so does `syncs`. */
  readonly source: Cluster
  readonly target: Cluster
  readonly syncs: { readonly cluster: Cluster; readonly topic: string; readonly mustReadToEnd: boolean }
  readonly logger: Logger
  /** Told how reading goes. */
  readonly runs: RunHealth
}

/** A flow's translation that keeps up with what its mirror stores. Where something is missing or cannot be read, it translates by the rest. */
export class FollowedTranslation {
  readonly translation: FlowTranslation
  readonly #stores: readonly Followed<OffsetMapStore | OffsetSyncStore>[]

  constructor(options: FollowedTranslationOptions) {
    const { sourceAlias, targetAlias, policy, logger, syncs, runs } = options
    const map = new Followed({
      what: `The offset map of ${sourceAlias}->${targetAlias}`,
      meanwhile: 'offsets are translated by offset syncs alone',
      open: signal => OffsetMapStore.openIfExists(options.target, sourceAlias, signal),
      health: runs.reporter('reading the offset map', 'there'),
      logger,
    })
    const syncStore = new Followed({
      what: `The topic ${syncs.topic}`,
      meanwhile: 'offsets are translated by the offset map alone',
      open: signal => openIfExists(syncs, signal),
      health: runs.reporter('reading offset syncs', 'there'),
      logger,
    })
    const backMap = new Followed({
      what: `The offset map of ${targetAlias}->${sourceAlias}`,
      meanwhile: `offsets of topics that came from ${targetAlias} are not translated`,
      open: signal => OffsetMapStore.openIfExists(options.source, targetAlias, signal),
      health: runs.reporter('reading the offset map', 'back'),
      logger,
    })
    const backSyncs = backSyncsOf(options)
    this.#stores = backSyncs === null ? [map, syncStore, backMap] : [map, syncStore, backMap, backSyncs]
    this.translation = new FlowTranslation({
      sourceAlias,
      targetAlias,
      policy,
      there: () => ({ map: map.current, syncs: syncStore.current }),
      back: () => ({ map: backMap.current, syncs: backSyncs?.current ?? null }),
    })
  }

  /** Resolves when all there is has been read, or could not be at the first try. */
  async start(): Promise<void> {
    for (const store of this.#stores) store.start()
    await Promise.all(this.#stores.map(store => store.tried))
  }

  async close(): Promise<void> {
    await Promise.all(this.#stores.map(store => store.close()))
  }
}

/**
 * Of the flow the other way, as it keeps them by default: on its source, which is our target. Null where ours lie there, under the same name.
 */
function backSyncsOf({
  target,
  sourceAlias,
  policy,
  syncs,
  logger,
  runs,
}: FollowedTranslationOptions): Followed<OffsetSyncStore> | null {
  const topic = policy.offsetSyncsTopic(sourceAlias)
  if (topic === syncs.topic) return null
  return new Followed({
    what: `The topic ${topic}`,
    meanwhile: 'offsets of topics that came from the target are translated by the offset map alone',
    open: signal => openIfExists({ cluster: target, topic, mustReadToEnd: false }, signal),
    health: runs.reporter('reading offset syncs', 'back'),
    logger,
  })
}

async function openIfExists(
  { cluster, topic, mustReadToEnd }: FollowedTranslationOptions['syncs'],
  signal: AbortSignal,
): Promise<OffsetSyncStore | null> {
  const isThere = (await cluster.describeTopics([topic])).has(topic)
  return isThere ? OffsetSyncStore.open(cluster, { topic, mustReadToEnd }, signal) : null
}
