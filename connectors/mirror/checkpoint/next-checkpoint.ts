import type { Translation } from '../offset-map/partition-runs.ts'
import type { Emitted } from './tracked-group.ts'

/**
 * The checkpoint to write after `previous`, or null. As in MirrorMaker 2 a group's checkpoints never go back on the target, as long as
 * the group does not go back on the source: a translation that is low for the moment is not written. Other than there, an exact
 * translation that lies lower is: the target has lost records, and what was written before lies past its end.
 */
export function nextCheckpoint(previous: Emitted | null, upstreamOffset: number, translation: Translation): Emitted | null {
  const { offset: downstreamOffset, exactness } = translation
  const next = { upstreamOffset, downstreamOffset }
  if (previous === null) return next
  const isRewound = upstreamOffset < previous.upstreamOffset
  if (isRewound || downstreamOffset > previous.downstreamOffset) return next
  return exactness === 'exact' && downstreamOffset < previous.downstreamOffset ? next : null
}
