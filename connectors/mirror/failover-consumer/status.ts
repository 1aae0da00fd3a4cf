import type { Standing } from './decide.ts'
import type { MoveCause } from './placement.ts'
import type { MovedPosition } from './positions.ts'

/**
 * - `STARTING`: nothing is consumed yet;
 * - `CONSUMING`: on `cluster`;
 * - `LOST`: `cluster` does not answer this member; it waits for it, or for the others to see the same;
 * - `MOVING`: the group stops on one cluster, and its offsets are set on the other;
 * - `STOPPING`, `STOPPED`: by `stop`.
 */
export type FailoverState = 'STARTING' | 'CONSUMING' | 'LOST' | 'MOVING' | 'STOPPING' | 'STOPPED'

export interface FailoverMove {
  /** 1 = the group's first. */
  readonly epoch: number
  readonly from: string | null
  readonly to: string
  readonly cause: MoveCause
  /** Where the group went on; null = another member has set the offsets, and its status tells. */
  readonly positions: readonly MovedPosition[] | null
}

/** How one member of the group stands. */
export interface FailoverStatus {
  readonly state: FailoverState
  /** Milliseconds since the epoch at which the state was entered. */
  readonly sinceMs: number
  /** Alias of the cluster that the group consumes, or would; null = not known yet. */
  readonly cluster: string | null
  /** What is the matter, or why it moves: a sentence; null = nothing. */
  readonly cause: string | null
  /** How many members cannot reach `cluster`, as the control group last agreed; null = it has not. */
  readonly standing: Standing | null
  /** The last move that this member has seen; null = none since it started. */
  readonly lastMove: FailoverMove | null
}

/** How many positions of a move are of which kind, in words. */
export function positionsText(positions: readonly MovedPosition[]): string {
  if (positions.length === 0) return 'no offsets to set'
  const counts = Map.groupBy(positions, ({ exactness }) => exactness)
  return [...counts].map(([exactness, { length }]) => `${length} ${exactness}`).join(', ')
}
