import { type Assignor, compareText } from './assignor.ts'
import type { TopicPartition } from './wire.ts'

/** Topic by topic, its partitions in runs: by Java's RangeAssignor, without racks. The first members get one more where it does not come out even. */
export const range: Assignor = {
  name: 'range',
  rebalance: 'eager',
  assign: (members, partitionCounts) => {
    const assigned = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]))
    for (const [topic, count] of [...partitionCounts].sort(([a], [b]) => compareText(a, b))) {
      const subscribed = members
        .filter(({ subscription }) => subscription.topics.includes(topic))
        .map(({ memberId }) => memberId)
        .sort(compareText)
      const each = Math.floor(count / subscribed.length)
      const withOneMore = count % subscribed.length
      let next = 0
      subscribed.forEach((memberId, i) => {
        const end = next + each + (i < withOneMore ? 1 : 0)
        while (next < end) assigned.get(memberId)?.push({ topic, partition: next++ })
      })
    }
    return assigned
  },
}
