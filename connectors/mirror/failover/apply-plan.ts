import { commitGroupOffsets } from '../../../framework/kafka/admin/group-offsets.ts'
import type { MirrorFlow } from '../config/index.ts'
import type { MovePlan } from './move-plan.ts'
import type { FlowClusters } from './open-clusters.ts'
import { isWaiting } from './planned-group.ts'
import { storeStarts } from './stored-copies.ts'

/** What was changed: all of the plan, unless `failed`. */
export interface Applied {
  /** Partitions of which the flow's start was set. */
  readonly starts: number
  /** Groups with offsets that were set. */
  readonly groups: readonly string[]
  /** The group whose offsets were refused, and why; those after it were left. */
  readonly failed: { readonly group: string; readonly error: Error } | null
}

/** Does what a plan says that is not refused: starts first, so that a group never stands where its flow is not. */
export async function applyPlan(plan: MovePlan, flow: MirrorFlow, clusters: FlowClusters): Promise<Applied> {
  const starts = plan.starts.filter(({ action }) => action === 'set')
  if (starts.length > 0) await clusters.read('target', signal => storeStarts(flow, clusters.target, starts, signal))
  const done: string[] = []
  for (const planned of plan.groups) {
    const offsets = planned.positions.flatMap(({ action, targetTopic, partition, translation, metadata }) =>
      action === 'set' && translation !== null ? [{ topic: targetTopic, partition, offset: translation.offset, metadata }] : [],
    )
    if (offsets.length === 0 || isWaiting(planned)) continue
    const { group } = planned
    try {
      await clusters.ask('target', `setting offsets of group ${group}`, cluster => commitGroupOffsets(cluster, group, offsets))
      done.push(group)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return { starts: starts.length, groups: done, failed: { group, error } }
    }
  }
  return { starts: starts.length, groups: done, failed: null }
}
