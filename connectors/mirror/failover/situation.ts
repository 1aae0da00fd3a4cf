import type { Translation } from '../offset-map/partition-runs.ts'

/** Where one group stands in one partition of the source, and where that is on the target. */
export interface GroupPosition {
  /** Name on the source. */
  readonly topic: string
  readonly partition: number
  /** Of the next record to read. */
  readonly offset: number
  /** As committed with the offset; '' = none. */
  readonly metadata: string
  /** Behind the last record; null = not known. */
  readonly sourceEnd: number | null
  /** Up to where the flow has copied; null = not known, or copied by the flow the other way. */
  readonly copiedEnd: number | null
  /** Name on the target. */
  readonly targetTopic: string
  /** Null = nothing at or before the offset is known. */
  readonly translation: Translation | null
  /** What the group has on the target: null = nothing. */
  readonly committed: number | null
  /** What the group has on the target is the translation, or differs from it by offsets without records. */
  readonly standsThere: boolean
  /** Behind the last record; null = there is no such partition, or nobody leads it. */
  readonly targetEnd: number | null
  /** Records that the group has read on the source and would read on the target once more, at most. */
  readonly readAgainAtMost: number
}

/** One group that is to go on elsewhere. */
export interface GroupSituation {
  readonly group: string
  /** On the source; null = not known. */
  readonly state: string | null
  /** On the target; null = there is no such group. */
  readonly targetState: string | null
  readonly positions: readonly GroupPosition[]
}

/** How far a flow has copied a partition. */
export interface PartitionProgress {
  readonly topic: string
  readonly partition: number
  readonly logStart: number
  readonly logEnd: number
  /** Everything below it was copied, or needs not be. */
  readonly copiedEnd: number
}

/** All that is known about moving groups by a flow, from its source to its target. */
export interface Situation {
  readonly source: string
  readonly target: string
  /** Why the source could not be read; null = it was. */
  readonly sourceError: string | null
  readonly isEnabled: boolean
  readonly groups: readonly GroupSituation[]
  /** Empty when the source could not be read. */
  readonly progress: readonly PartitionProgress[]
}

/** Records of a partition that are yet to be copied. */
export const recordsBehind = ({ logStart, logEnd, copiedEnd }: PartitionProgress): number =>
  Math.max(0, logEnd - Math.max(logStart, copiedEnd))
