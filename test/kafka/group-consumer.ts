import { setTimeout as sleep } from 'node:timers/promises'
import { BehaviorSubject, filter, firstValueFrom, timeout } from 'rxjs'
import type { ConnectError } from '../../framework/api/index.ts'
import { Cluster } from '../../framework/kafka/cluster.ts'
import type { ConsumerGroupOptions } from '../../framework/kafka/consumer-group/options.ts'
import type { TopicPartition } from '../../framework/kafka/consumer-group/wire.ts'
import { ConsumerGroup } from '../../framework/kafka/consumer-group.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { testClient } from './test-cluster.ts'

const TIMES = { sessionTimeoutMs: 3_000, rebalanceTimeoutMs: 10_000, heartbeatIntervalMs: 200 }
const DEADLINE_MS = 20_000

export type GroupConsumerOptions = Pick<ConsumerGroupOptions, 'groupId' | 'selection' | 'assignors'> & {
  readonly sessionTimeoutMs?: number
  readonly metadataMaxAgeMs?: number
  /** How long it takes to finish when partitions are revoked. */
  readonly giveBackMs?: number
  /** Commits this offset of every partition that is revoked. */
  readonly commitWhenRevoked?: number
}

/** A member of a group with its own client that reads nothing, and what it was told. */
export class GroupConsumer {
  readonly group: ConsumerGroup
  /** In order, by partition numbers. */
  readonly told: string[] = []
  readonly #options: GroupConsumerOptions
  readonly #cluster: Cluster
  readonly #partitions = new BehaviorSubject<readonly number[] | null>(null)

  constructor(kafka: KafkaCluster, options: GroupConsumerOptions) {
    const { groupId, selection, assignors, sessionTimeoutMs = TIMES.sessionTimeoutMs, metadataMaxAgeMs = 300_000 } = options
    this.#options = options
    const { cluster } = testClient(kafka.bootstrapServers)
    this.#cluster = new Cluster({ ...cluster.settings, metadataMaxAgeMs }, cluster.logger)
    this.group = new ConsumerGroup(
      this.#cluster,
      { ...TIMES, groupId, selection, assignors, sessionTimeoutMs },
      {
        assigned: async partitions => this.#assigned(partitions),
        revoked: partitions => this.#revoked(partitions),
        lost: async partitions => this.#without('lost', partitions),
        failed: error => this.#partitions.error(error),
      },
    )
  }

  get partitions(): readonly number[] {
    return this.#partitions.value ?? []
  }

  /** Resolves once it has so many partitions; rejects when the membership has failed. */
  async has(count: number): Promise<void> {
    const wanted$ = this.#partitions.pipe(
      filter(partitions => (partitions ?? []).length === count),
      timeout({ first: DEADLINE_MS }),
    )
    await firstValueFrom(wanted$)
  }

  /** Rejects with the error that ended the membership. */
  async failure(): Promise<ConnectError> {
    const ended$ = this.#partitions.pipe(
      filter(() => false),
      timeout({ first: DEADLINE_MS }),
    )
    return firstValueFrom(ended$).then(
      () => Promise.reject(new Error('it did not fail')),
      (error: ConnectError) => error,
    )
  }

  async end(): Promise<void> {
    await this.group.leave()
    await this.#cluster.close()
  }

  #assigned(partitions: readonly TopicPartition[]): void {
    const added = numbers(partitions)
    this.told.push(`assigned ${added.join(' ')}`)
    this.#partitions.next([...this.partitions, ...added].sort())
  }

  async #revoked(partitions: readonly TopicPartition[]): Promise<void> {
    const { giveBackMs = 0, commitWhenRevoked } = this.#options
    await sleep(giveBackMs)
    if (commitWhenRevoked !== undefined) {
      const positions = partitions.map(partition => ({ ...partition, offset: commitWhenRevoked, leaderEpoch: -1 }))
      await this.group.commit(positions, AbortSignal.timeout(DEADLINE_MS))
    }
    this.#without('revoked', partitions)
  }

  #without(how: 'revoked' | 'lost', partitions: readonly TopicPartition[]): void {
    const gone = numbers(partitions)
    this.told.push(`${how} ${gone.join(' ')}`)
    this.#partitions.next(this.partitions.filter(partition => !gone.includes(partition)))
  }
}

const numbers = (partitions: readonly TopicPartition[]): number[] => partitions.map(({ partition }) => partition).sort()
