import { type Placement, placementOf } from './placement.ts'

/** What a member tells the others when it joins the control group. */
export interface MemberView {
  /** For people: the client id, host and process. */
  readonly name: string
  /** The latest it knows of. */
  readonly place: Placement | null
  /** Aliases of clusters none of whose brokers has answered it for `failoverAfterMs`. */
  readonly gone: readonly string[]
  /** Alias of the cluster that its handlers may still be busy with; null = it consumes nothing. */
  readonly consuming: string | null
  /** It was told to move there, in the move of that number. */
  readonly ask: { readonly to: string; readonly epoch: number } | null
  /** It tried to make the move of that number, and why it could not. */
  readonly refused: { readonly epoch: number; readonly cause: string } | null
  /** Where it stood on a cluster that is gone, by topic and partition: committed or not. */
  readonly consumed: Readonly<Record<string, number>>
}

export const encodeView = (view: MemberView): Buffer => Buffer.from(JSON.stringify(view))

/** Of bytes that cannot be read, a member that holds everything up: it may be a newer version that consumes. */
export function decodeView(bytes: Buffer): MemberView {
  const value = parseJson(bytes)
  const { name, place, gone, consuming, ask, refused, consumed } = value ?? {}
  return {
    name: typeof name === 'string' ? name : 'unknown',
    place: placementOf(place),
    gone: Array.isArray(gone) ? gone.filter(alias => typeof alias === 'string') : [],
    consuming: value === null ? 'unknown' : typeof consuming === 'string' ? consuming : null,
    ask: (ask as MemberView['ask'] | undefined) ?? null,
    refused: (refused as MemberView['refused'] | undefined) ?? null,
    consumed: (consumed as MemberView['consumed'] | undefined) ?? {},
  }
}

/** Null for anything but a JSON object. */
export function parseJson(bytes: Buffer | string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Where the members together stood: the furthest, as a partition has one member at a time. */
export function mergeConsumed(views: Iterable<MemberView>): ReadonlyMap<string, number> {
  const merged = new Map<string, number>()
  for (const { consumed } of views) {
    for (const [name, offset] of Object.entries(consumed)) merged.set(name, Math.max(offset, merged.get(name) ?? -1))
  }
  return merged
}
