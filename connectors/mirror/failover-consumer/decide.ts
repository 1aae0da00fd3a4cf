import { type MemberView, parseJson } from './member-view.ts'
import { latest, type Placement, placementOf, startOn } from './placement.ts'

/** What the leader of a cluster's control group lets all members do. */
export type Decision =
  /** The group consumes this cluster. */
  | { readonly kind: 'here'; readonly place: Placement }
  /** The group consumes the other cluster, and goes on to. */
  | { readonly kind: 'stay'; readonly place: Placement; readonly standing: Standing; readonly refused: string | null }
  /** The group is about to move here: stop consuming, and say so. */
  | { readonly kind: 'stop'; readonly place: Placement; readonly next: Placement; readonly standing: Standing }
  /** Nobody consumes any more: the leader sets the group's offsets here. */
  | { readonly kind: 'set'; readonly place: Placement; readonly next: Placement; readonly standing: Standing }

/** How many of the members alive cannot reach the cluster that is consumed. */
export interface Standing {
  readonly unreachable: number
  readonly members: number
  /** Names of those that cannot reach it. */
  readonly names: readonly string[]
}

export interface Circumstances {
  /** Alias of the control group's cluster. */
  readonly here: string
  /** Of all members alive. */
  readonly views: readonly MemberView[]
  /** What is stored on this cluster; null = the group has never moved here or from here. */
  readonly record: Placement | null
  /** Where a group begins. */
  readonly preferred: string
}

/**
 * Whether a group moves to this cluster. It does when none of its members can reach the other one, or when one of them was told to move;
 * in two steps: first all stop, then the offsets are set.
 */
export function decide({ here, views, record, preferred }: Circumstances): Decision {
  const place = latest(startOn(preferred), record, ...views.map(view => view.place))
  if (place.active === here) return { kind: 'here', place }
  const unreachable = views.filter(({ gone }) => gone.includes(place.active))
  const standing = { unreachable: unreachable.length, members: views.length, names: unreachable.map(({ name }) => name) }
  const epoch = place.epoch + 1
  const isGone = unreachable.length === views.length
  const isAsked = views.some(({ ask }) => ask?.to === here && ask.epoch === epoch)
  const refused = isGone ? null : (views.find(view => view.refused?.epoch === epoch)?.refused?.cause ?? null)
  if ((!isGone && !isAsked) || refused !== null) return { kind: 'stay', place, standing, refused }
  const next: Placement = { epoch, active: here, from: place.active, cause: isAsked ? 'asked' : 'failover' }
  const kind = views.some(({ consuming }) => consuming !== null) ? 'stop' : 'set'
  return { kind, place, next, standing }
}

export const encodeDecision = (decision: Decision): Buffer => Buffer.from(JSON.stringify(decision))

/** Null for what cannot be read, as that of a leader that died: the next one decides. */
export function decodeDecision(bytes: Buffer): Decision | null {
  const value = parseJson(bytes)
  if (value === null) return null
  const place = placementOf(value.place)
  if (place === null) return null
  const { kind } = value
  const standing = value.standing as Standing
  if (kind === 'here') return { kind, place }
  if (kind === 'stay') return { kind, place, standing, refused: typeof value.refused === 'string' ? value.refused : null }
  const next = placementOf(value.next)
  return (kind === 'stop' || kind === 'set') && next !== null ? { kind, place, next, standing } : null
}
