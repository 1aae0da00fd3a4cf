import { filter, firstValueFrom, timeout } from 'rxjs'
import { FailoverConsumer, type FailoverConsumerOptions } from '../../connectors/mirror/failover-consumer/index.ts'
import type { FailoverStatus } from '../../connectors/mirror/index.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { EventLogger } from './event-logger.ts'
import { eventually } from './eventually.ts'

const DEADLINE_MS = 30_000

/** Short enough for a test, long enough for a busy machine. */
const QUICK = {
  failoverAfterMs: 1_500,
  failbackAfterMs: 2_000,
  moveTimeoutMs: 15_000,
  controlSessionTimeoutMs: 2_000,
  drainTimeoutMs: 10_000,
} as const

/** `preferred` is A by default. */
export type MembersOptions = Partial<FailoverConsumerOptions> & Pick<FailoverConsumerOptions, 'group' | 'topics'>

/** The members of a group, and what they have read together. */
export class Members {
  readonly log = new EventLogger()
  /** How often each value was read. */
  readonly seen = new Map<string, number>()
  /** Value by value, `cluster/originalTopic@origin`. */
  readonly sources = new Map<string, string>()
  readonly #options: MembersOptions
  readonly #clusters: readonly KafkaCluster[]
  members: FailoverConsumer[] = []

  /** @param clusters A and B */
  constructor(clusters: readonly KafkaCluster[], options: MembersOptions) {
    this.#clusters = clusters
    this.#options = options
  }

  start(count: number): void {
    for (let i = 0; i < count; i++) this.add()
  }

  add(more: Partial<FailoverConsumerOptions> = {}): FailoverConsumer {
    const [a, b] = this.#clusters
    const options: FailoverConsumerOptions = {
      clusters: {
        A: { 'bootstrap.servers': a!.bootstrapServers },
        B: { 'bootstrap.servers': b!.bootstrapServers },
      },
      preferred: 'A',
      ...QUICK,
      consumer: { maxWaitTimeMs: 100, sessionTimeoutMs: 6_000, heartbeatIntervalMs: 500 },
      clientId: `member-${this.members.length}`,
      logger: this.log,
      eachMessage: async ({ message, cluster, originalTopic, origin }) => {
        const value = message.value?.toString() ?? ''
        this.seen.set(value, (this.seen.get(value) ?? 0) + 1)
        this.sources.set(value, `${cluster}/${originalTopic}@${origin}`)
      },
      ...this.#options,
      ...more,
    }
    const member = new FailoverConsumer(options)
    this.members.push(member)
    member.start()
    return member
  }

  /** Resolves with the first status of that member that will do. */
  async awaitStatus(what: string, isReached: (status: FailoverStatus) => boolean, index = 0): Promise<FailoverStatus> {
    const member = this.members[index]!
    return firstValueFrom(member.state$.pipe(filter(isReached), timeout(DEADLINE_MS))).catch((cause: unknown) => {
      const said = this.log.lines.filter(({ level }) => level !== 'debug').map(({ level, message }) => `${level} ${message}`)
      const now = this.members.map(({ status }) => JSON.stringify(status))
      throw new Error(`not within ${DEADLINE_MS} ms: ${what}; now ${now.join('\n')}\n${said.slice(-40).join('\n')}`, { cause })
    })
  }

  async allOn(alias: string): Promise<void> {
    for (const [i] of this.members.entries()) {
      await this.awaitStatus(`${i} consumes ${alias}`, ({ state, cluster }) => state === 'CONSUMING' && cluster === alias, i)
    }
  }

  /** Resolves once all of these were read. */
  async awaitSeen(values: readonly string[]): Promise<void> {
    const missing = (): string[] => values.filter(value => !this.seen.has(value))
    await eventually(
      `${values.length} values read`,
      async () => ({
        missing: missing().length,
        first: missing().slice(0, 5),
        status: this.members.map(({ status }) => status.cause),
      }),
      ({ missing }) => missing === 0,
    )
  }

  /** Values that were read more than once. */
  get repeated(): readonly string[] {
    return [...this.seen].filter(([, count]) => count > 1).map(([value, count]) => `${value}×${count}`)
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map(member => member.stop()))
    this.members = []
  }
}
