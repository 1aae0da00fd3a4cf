import type { Bridge, Codec, KafkaCluster, OutgoingRecord, ProduceOptions } from '../kafka-tool/index.ts'
import { seededRandom } from '../seeded-random.ts'
import { eventually } from './eventually.ts'
import { idOf, PartitionHistory } from './exactness-history.ts'

const CODECS: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
/** 0: every record a batch of its own. */
const BATCH_BYTES = [0, 300, 4_000, 65_536] as const
const COMPACTED = {
  'cleanup.policy': 'compact',
  'segment.ms': '1000',
  'min.cleanable.dirty.ratio': '0.001',
  'min.compaction.lag.ms': '0',
  'max.compaction.lag.ms': '1',
}

/** Partitions of each topic. `calm` is never written while a mirror may be killed. */
export const TOPICS = { tx: 3, plain: 2, beheaded: 2, compacted: 1, calm: 2 } as const

type Topic = keyof typeof TOPICS

export const TOPIC_NAMES = Object.keys(TOPICS) as readonly Topic[]

/** Writes what a seed decides, and remembers what was ever committed. No two records are alike. */
export class Workload {
  readonly histories: readonly PartitionHistory[]
  readonly #bridge: Bridge
  readonly #source: KafkaCluster
  readonly #seed: number
  readonly #random: () => number
  readonly #keys = new Set<string>()
  /** By partition of `beheaded`. */
  readonly #heads: number[] = []
  #written = 0
  #calls = 0

  constructor(bridge: Bridge, source: KafkaCluster, seed: number) {
    this.#bridge = bridge
    this.#source = source
    this.#seed = seed
    this.#random = seededRandom(seed)
    this.histories = TOPIC_NAMES.flatMap(topic =>
      Array.from({ length: TOPICS[topic] }, (_, partition) => new PartitionHistory(topic, partition)),
    )
  }

  /**
   * Each partition begins with a record. Where a mirror that copied nothing yet was stopped behind aborted ones, nobody knows that nothing
   * came before: a group that committed there has no translation.
   */
  async createTopics(): Promise<void> {
    for (const topic of TOPIC_NAMES) {
      const partitions = TOPICS[topic]
      await this.#bridge.createTopic(this.#source, topic, { partitions, config: topic === 'compacted' ? COMPACTED : {} })
      const first = Array.from({ length: partitions }, (_, partition) => ({
        partition,
        key: 'first',
        value: this.#value(topic, 9),
      }))
      await this.#produce(topic, first)
    }
  }

  /** A random write to each topic but `calm`. */
  async write(): Promise<void> {
    await this.#writeTransactions()
    await this.#produce('plain', this.#records('plain', this.#below(400)), this.#isOneOf(5))
    await this.#produce('beheaded', this.#records('beheaded', this.#below(200)))
    await this.#produce('compacted', this.#compactedRecords(1 + this.#below(150)))
  }

  async writeCalm(): Promise<void> {
    await this.#produce('calm', this.#records('calm', 100 + this.#below(300)))
  }

  /** Deletes the first records of each partition of `beheaded`. */
  async behead(): Promise<void> {
    for (const { partition, earliest, latest } of await this.#bridge.offsets(this.#source, 'beheaded')) {
      this.#heads[partition] = earliest + this.#below((latest - earliest) / 2)
    }
    await this.beheadAgain()
  }

  /** A broker that was killed may have forgotten what was deleted. */
  async beheadAgain(): Promise<void> {
    for (const [partition, head] of this.#heads.entries()) {
      await this.#bridge.deleteRecords(this.#source, 'beheaded', partition, head)
    }
  }

  /** Resolves when `compacted` has been cleaned up to its last record. */
  async compact(): Promise<void> {
    const left = this.#keys.size + 1
    await this.#produce('compacted', [{ key: 'the active segment', value: this.#value('compacted', 40) }])
    await eventually(
      `${left} records are left in compacted`,
      () => this.#bridge.batches(this.#source, 'compacted', 0),
      batches => batches.reduce((sum, { count }) => sum + count, 0) === left,
    )
  }

  /** Learns which transactions of `tx` were committed. */
  async learnTransactions(): Promise<void> {
    for (const record of await this.#bridge.dump(this.#source, 'tx'))
      this.#learn('tx', record.partition, record.offset, idOf(record))
  }

  async #writeTransactions(): Promise<void> {
    await this.#bridge.writeTransactions(this.#source, 'tx', {
      partitions: TOPICS.tx,
      producers: 1 + this.#below(4),
      transactions: 1 + this.#below(15),
      recordsPerTransaction: 4 + this.#below(50),
      valueBytes: 40 + this.#below(300),
      abortRatio: this.#random() * 0.8,
      codec: this.#pick(CODECS),
      batchBytes: this.#pick(BATCH_BYTES),
      seed: this.#seed * 1_000 + ++this.#calls,
    })
  }

  #records(topic: Topic, count: number): readonly OutgoingRecord[] {
    const bytes = this.#pick([0, 20, 200, 2_000])
    return Array.from({ length: count }, () => ({
      partition: this.#below(TOPICS[topic]),
      value: this.#value(topic, this.#below(bytes + 1)),
    }))
  }

  /** Few keys, some deleted; each call fills a segment. */
  #compactedRecords(count: number): readonly OutgoingRecord[] {
    return Array.from({ length: count }, () => {
      const key = `key ${this.#below(40)}`
      const id = this.#value('compacted', this.#below(60))
      return this.#isOneOf(8) ? { key, value: null, headers: [['id', id]] } : { key, value: id }
    })
  }

  #value(topic: Topic, padding: number): string {
    return `${topic} ${this.#written++} ${'x'.repeat(padding)}`
  }

  async #produce(topic: Topic, records: readonly OutgoingRecord[], abort = false): Promise<void> {
    if (records.length === 0) return
    const call = ++this.#calls
    /** A segment is full when records come that are later by `segment.ms`, and cleaned when they are old. */
    const timestamp = topic === 'compacted' ? { timestamp: 1_700_000_000_000 + call * 10_000 } : {}
    const options: ProduceOptions = {
      codec: this.#pick(CODECS),
      batchBytes: this.#pick(BATCH_BYTES),
      ...(abort ? { transactionalId: `aborted-${call}`, abort } : {}),
    }
    const places = await this.#bridge.produce(
      this.#source,
      topic,
      records.map(record => ({ ...record, ...timestamp })),
      options,
    )
    if (abort) return
    places.forEach(([partition, offset], i) => {
      const { key, value, headers } = records[i]!
      if (topic === 'compacted') this.#keys.add(`${key}`)
      this.#learn(topic, partition, offset, `${value ?? headers?.[0]?.[1]}`)
    })
  }

  #learn(topic: Topic, partition: number, offset: number, id: string): void {
    this.histories.find(history => history.topic === topic && history.partition === partition)?.learn(offset, id)
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #isOneOf(count: number): boolean {
    return this.#below(count) === 0
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!
  }
}
