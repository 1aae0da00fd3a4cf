import type { Bridge, GroupOffset, KafkaCluster, PartitionOffsets, SeenRecord } from '../kafka-tool/index.ts'
import { seededRandom } from '../seeded-random.ts'
import { TOPIC_NAMES } from './exactness-workload.ts'

/** Topics of which the source loses nothing: what groups have read there and read at the target makes up all of it. */
export const KEPT = ['tx', 'plain', 'calm'] as const

/** What these groups are called, as a regular expression. */
export const GROUPS = 'set-.*, read-.*'

/** Consumer groups of the source: `set-…`, whose offsets are set from outside, and `read-…`, in which Java consumers read and stop. */
export class Groups {
  readonly setNames: readonly string[]
  readonly readNames: readonly string[]
  /** What each of `readNames` has read at the source. */
  readonly read = new Map<string, SeenRecord[]>()
  readonly #bridge: Bridge
  readonly #source: KafkaCluster
  readonly #random: () => number

  constructor(bridge: Bridge, source: KafkaCluster, seed: number, counts: { readonly set: number; readonly read: number }) {
    this.#bridge = bridge
    this.#source = source
    this.#random = seededRandom(seed)
    this.setNames = Array.from({ length: counts.set }, (_, i) => `set-${i}`)
    this.readNames = Array.from({ length: counts.read }, (_, i) => `read-${i}`)
  }

  /** Sets about this part of the groups to random offsets, some of them back. */
  async setSome(ratio: number): Promise<void> {
    const ends = await Promise.all(
      TOPIC_NAMES.map(async topic => (await this.#bridge.offsets(this.#source, topic)).map(offsets => ({ topic, ...offsets }))),
    )
    const partitions = ends.flat()
    const due = this.setNames.filter(() => this.#random() < ratio).map(name => [name, this.#positions(partitions)] as const)
    await Promise.all(due.map(([name, offsets]) => this.#bridge.alterGroupOffsets(this.#source, name, offsets)))
  }

  /** About this part of the reading groups reads on for a while. */
  async readSome(ratio: number): Promise<void> {
    const due = this.readNames.filter(() => this.#random() < ratio)
    await Promise.all(due.map(name => this.#readOn(name, 1 + this.#below(400))))
  }

  /** Where each group stands at the source. */
  async positions(): Promise<ReadonlyMap<string, readonly GroupOffset[]>> {
    const found = [...this.setNames, ...this.readNames].map(
      async name => [name, await this.#bridge.groupOffsets(this.#source, name)] as const,
    )
    return new Map(await Promise.all(found))
  }

  async #readOn(group: string, count: number): Promise<void> {
    const all = await Promise.all(KEPT.map(topic => this.#bridge.dump(this.#source, topic)))
    const read = this.read.get(group) ?? []
    this.read.set(group, read)
    const left = all.reduce((sum, { length }) => sum + length, 0) - read.length
    if (left === 0) return
    const maxPollRecords = 1 + this.#below(200)
    const options = { group, topics: KEPT, count: Math.min(count, left), maxPollRecords }
    const consumer = this.#bridge.consume(this.#source, options)
    await consumer.done
    read.push(...consumer.records)
  }

  #positions(partitions: readonly (PartitionOffsets & { readonly topic: string })[]): GroupOffset[] {
    const chosen = partitions.filter(() => this.#random() < 0.6)
    return chosen.map(({ topic, partition, earliest, latest }) => ({
      topic,
      partition,
      offset: earliest + this.#below(latest - earliest + 1),
    }))
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }
}
