import { filter, firstValueFrom, timeout } from 'rxjs'
import { GroupMember, type GroupMemberState } from '../../framework/kafka/group-member.ts'
import type { KafkaCluster } from '../kafka-tool/index.ts'
import { type TestClient, testClient } from './test-cluster.ts'

export const TIMES = { sessionTimeoutMs: 2_000, rebalanceTimeoutMs: 6_000, heartbeatIntervalMs: 300 }

export type Kind = GroupMemberState['kind']

/** A member with its own client, and the states it went through. */
export class Joined {
  readonly member: GroupMember
  readonly states: Kind[] = []
  readonly #client: TestClient
  readonly #dying = new AbortController()

  constructor(kafka: KafkaCluster, groupId: string, clientInfo: string, times: Partial<typeof TIMES> = {}) {
    this.#client = testClient(kafka.bootstrapServers, clientInfo)
    this.member = GroupMember.join(this.#client.cluster, { ...TIMES, ...times, groupId, clientInfo }, this.#dying.signal)
    this.member.state$.subscribe({ next: ({ kind }) => this.states.push(kind), error: () => this.states.push('left') })
  }

  async is<K extends Kind>(kind: K, withinMs = 15_000): Promise<Extract<GroupMemberState, { kind: K }>> {
    const wanted$ = this.member.state$.pipe(
      filter(state => state.kind === kind),
      timeout({ first: withinMs }),
    )
    return (await firstValueFrom(wanted$)) as Extract<GroupMemberState, { kind: K }>
  }

  /** As a process that is killed: connections break, nobody is told. */
  die(): void {
    this.#dying.abort()
  }

  async end(): Promise<void> {
    await this.member.leave()
    await this.#client.cluster.close()
  }
}
