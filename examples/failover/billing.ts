import { styleText } from 'node:util'
import type { Logger } from 'isthmus'
import { clientConfigOf, FailoverConsumer, type FailoverStatus } from 'isthmus/connectors/mirror'
import { filter, firstValueFrom, timeout } from 'rxjs'

/** Short, to keep the example short; the default is 30 s. */
const FAILOVER_AFTER_MS = 3_000
/** kafkajs' default is 30 s, for which a cluster that comes back still counts the members that it had. */
const SESSION_MS = 6_000
const DEADLINE_MS = 60_000

/** The members of the group `billing`, and what they have read together. */
export class Billing {
  readonly read: string[] = []
  readonly #members: readonly FailoverConsumer[]

  /** @param file the mirror's: it names the clusters */
  constructor(file: string, members: number, logger: Logger) {
    const clusters = { east: clientConfigOf(file, 'east'), west: clientConfigOf(file, 'west') }
    const open = (_: unknown, i: number): FailoverConsumer =>
      new FailoverConsumer({
        group: 'billing',
        topics: ['orders'],
        clusters,
        preferred: 'east',
        failoverAfterMs: FAILOVER_AFTER_MS,
        clientId: `billing-${i + 1}`,
        consumer: { sessionTimeoutMs: SESSION_MS },
        logger,
        eachMessage: async ({ message }) => void this.read.push(message.value?.toString() ?? ''),
      })
    this.#members = Array.from({ length: members }, open)
  }

  start(): void {
    for (const [i, member] of this.#members.entries()) {
      let before = ''
      member.state$.subscribe(status => {
        const line = textOf(status)
        if (line !== before) console.log(`  billing-${i + 1}: ${line}`)
        before = line
      })
      member.start()
    }
  }

  /** Resolves when every member consumes there. */
  async allOn(cluster: string): Promise<void> {
    const isThere = (status: FailoverStatus): boolean => status.state === 'CONSUMING' && status.cluster === cluster
    await Promise.all(this.#members.map(({ state$ }) => firstValueFrom(state$.pipe(filter(isThere), timeout(DEADLINE_MS)))))
  }

  /** Told to one member, done by all. */
  async moveTo(cluster: string): Promise<void> {
    await this.#members[0]?.moveTo(cluster)
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map(member => member.stop()))
  }
}

function textOf({ state, cluster, standing }: FailoverStatus): string {
  const where = cluster === null ? '' : ` ${cluster}`
  const others = state !== 'LOST' || standing === null ? '' : `: ${standing.unreachable} of ${standing.members} cannot reach it`
  return styleText(state === 'CONSUMING' ? 'green' : 'yellow', `${state}${where}${others}`)
}
