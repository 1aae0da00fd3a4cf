import { type Assignor, compareText, type SubscribedMember } from './assignor.ts'
import { nameOf, type TopicPartition } from './wire.ts'

/**
 * Members keep what they have as far as the shares stay even, as with Java's CooperativeStickyAssignor: counts of members with the same
 * subscription differ by at most one. A partition that changes hands is assigned to nobody in the round in which its owner gives it back.
 */
export const cooperativeSticky: Assignor = {
  name: 'cooperative-sticky',
  rebalance: 'cooperative',
  assign: (members, partitionCounts) => {
    const shares = new Map(sorted(members).map(member => [member.memberId, new Share(member)]))
    const owners = ownersOf(members, partitionCounts)
    const free: TopicPartition[] = []
    for (const partition of allPartitions(partitionCounts)) {
      const owner = shares.get(owners.get(nameOf(partition)) ?? '')
      if (owner === undefined) free.push(partition)
      else owner.add(partition)
    }
    const all = [...shares.values()]
    for (const partition of free) smallest(all, partition)?.add(partition)
    even(all)
    return new Map(
      all.map(({ memberId, partitions }) => [memberId, partitions.filter(p => isFreeFor(memberId, owners.get(nameOf(p))))]),
    )
  },
}

const isFreeFor = (memberId: string, owner: string | undefined): boolean => owner === undefined || owner === memberId

class Share {
  readonly memberId: string
  readonly partitions: TopicPartition[] = []
  readonly #topics: ReadonlySet<string>

  constructor({ memberId, subscription }: SubscribedMember) {
    this.memberId = memberId
    this.#topics = new Set(subscription.topics)
  }

  get size(): number {
    return this.partitions.length
  }

  add(partition: TopicPartition): void {
    this.partitions.push(partition)
  }

  takes({ topic }: TopicPartition): boolean {
    return this.#topics.has(topic)
  }

  /** Gives away the last of its partitions that the other may have. */
  giveTo(other: Share): boolean {
    const index = this.partitions.findLastIndex(partition => other.takes(partition))
    if (index < 0) return false
    other.partitions.push(...this.partitions.splice(index, 1))
    return true
  }
}

const sorted = (members: readonly SubscribedMember[]): SubscribedMember[] =>
  [...members].sort((a, b) => compareText(a.memberId, b.memberId))

/** Where two claim a partition, the claim of the later generation counts; of two of the same generation neither does. */
const ownersOf = (
  members: readonly SubscribedMember[],
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, string> => {
  const claims = new Map<string, { readonly memberId: string; readonly generationId: number }>()
  for (const { memberId, subscription } of sorted(members)) {
    const { generationId, topics, owned } = subscription
    for (const partition of owned) {
      if (!topics.includes(partition.topic) || partition.partition >= (partitionCounts.get(partition.topic) ?? 0)) continue
      const name = nameOf(partition)
      const other = claims.get(name)
      if (other === undefined || other.generationId < generationId) claims.set(name, { memberId, generationId })
      else if (other.generationId === generationId) claims.set(name, { memberId: '', generationId })
    }
  }
  return new Map([...claims].filter(([, { memberId }]) => memberId !== '').map(([name, { memberId }]) => [name, memberId]))
}

function* allPartitions(partitionCounts: ReadonlyMap<string, number>): Generator<TopicPartition> {
  for (const [topic, count] of [...partitionCounts].sort(([a], [b]) => compareText(a, b))) {
    for (let partition = 0; partition < count; partition++) yield { topic, partition }
  }
}

const smallest = (shares: readonly Share[], partition: TopicPartition): Share | undefined =>
  shares
    .filter(share => share.takes(partition))
    .reduce<Share | undefined>((least, share) => (least === undefined || share.size < least.size ? share : least), undefined)

/** Each move brings two shares that differ by two or more closer together, so it ends. */
const even = (shares: readonly Share[]): void => {
  for (;;) {
    const bySize = [...shares].sort((a, b) => b.size - a.size)
    const moved = bySize.some(from => bySize.some(to => from.size >= to.size + 2 && from.giveTo(to)))
    if (!moved) return
  }
}
