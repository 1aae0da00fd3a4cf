/** Why a group is where it is: it began there, the other cluster was gone, or somebody asked for it. */
export type MoveCause = 'start' | 'failover' | 'asked'

/** Where a group consumes. Each move makes a new one, with the next number; of two that are known the later one holds. */
export interface Placement {
  /** 0 = never moved. */
  readonly epoch: number
  /** Alias of the cluster that is consumed. */
  readonly active: string
  /** Alias of the cluster it moved from; null at the start. */
  readonly from: string | null
  readonly cause: MoveCause
}

export const startOn = (active: string): Placement => ({ epoch: 0, active, from: null, cause: 'start' })

/** Equal numbers differ only where two halves of a network moved on their own: then every member prefers the same one. */
export function latest(first: Placement, ...others: readonly (Placement | null)[]): Placement {
  return others.reduce<Placement>((found, other) => (other !== null && isLater(other, found) ? other : found), first)
}

export function isLater(one: Placement, other: Placement): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.active < other.active && one.epoch > 0)
}

/** Null for what is no placement. */
export function placementOf(value: unknown): Placement | null {
  if (typeof value !== 'object' || value === null) return null
  const { epoch, active, from, cause } = value as Record<string, unknown>
  if (typeof epoch !== 'number' || typeof active !== 'string' || !isCause(cause)) return null
  return { epoch, active, from: typeof from === 'string' ? from : null, cause }
}

const isCause = (value: unknown): value is MoveCause => value === 'start' || value === 'failover' || value === 'asked'
