import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { OffsetMap } from '../offset-map/offset-map.ts'
import { OffsetMapStore } from '../offset-map/offset-map-store.ts'

export { translateBackOffset } from '../offset-map/back-translator.ts'

export const isCopy = (map: OffsetMap | null, target: number): boolean => map?.isCopy(target) ?? false

export const openIfExists = (cluster: Cluster, alias: string, signal: AbortSignal): Promise<OffsetMapStore | null> =>
  OffsetMapStore.openIfExists(cluster, alias, signal)
