/** What a member says of itself when it joins. As JSON in the member metadata of the group protocol `isthmus-mirror-v1`. */
export interface Claim {
  /** For people: program, host, process. */
  readonly id: string
  readonly active: boolean
  /** When it first asked to join: milliseconds since the epoch, by its own clock. */
  readonly since: number
}

/** Who is active, as the group's leader decided. As JSON, the same for every member. */
export interface Assignment {
  /** Member id. */
  readonly active: string
  /** The active member's own `Claim.id`. */
  readonly id: string
}

export interface Claimant {
  readonly memberId: string
  readonly claim: Claim
}

export const encodeClaim = ({ id, active, since }: Claim): Buffer => Buffer.from(JSON.stringify({ id, active, since }))

/** A claim that cannot be read counts as that of a member which came last and is not active. */
export const decodeClaim = (bytes: Buffer): Claim => {
  const { id, active, since } = parse(bytes)
  return {
    id: typeof id === 'string' ? id : 'unknown',
    active: active === true,
    since: typeof since === 'number' ? since : Number.MAX_SAFE_INTEGER,
  }
}

export const encodeAssignment = ({ active, id }: Assignment): Buffer => Buffer.from(JSON.stringify({ active, id }))

/** Null when it names nobody: the next rebalance will. */
export const decodeAssignment = (bytes: Buffer): Assignment | null => {
  const { active, id } = parse(bytes)
  return typeof active === 'string' ? { active, id: typeof id === 'string' ? id : active } : null
}

/** The one already active, else the one that has waited longest. */
export const chooseActive = (claimants: readonly Claimant[]): Assignment | null => {
  const [first] = [...claimants].sort(
    (a, b) =>
      Number(b.claim.active) - Number(a.claim.active) || a.claim.since - b.claim.since || (a.memberId < b.memberId ? -1 : 1),
  )
  return first === undefined ? null : { active: first.memberId, id: first.claim.id }
}

/** What the leader gives the members: to each the same. */
export const assign = (members: readonly { readonly memberId: string; readonly metadata: Buffer }[]) => {
  const chosen = chooseActive(members.map(({ memberId, metadata }) => ({ memberId, claim: decodeClaim(metadata) })))
  if (chosen === null) return []
  const assignment = encodeAssignment(chosen)
  return members.map(({ memberId }) => ({ memberId, assignment }))
}

const parse = (bytes: Buffer): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
