import { ConnectError } from '../../api/index.ts'
import { type Background, Backoff, sleep } from '../../flow/index.ts'
import type { Cluster } from '../cluster.ts'
import type { Lane } from './lane.ts'
import { asConnectError } from './produce-failed.ts'

export interface LeaderCallbacks {
  /** The lane's leader is set. */
  readonly found: (lane: Lane) => void
  /** Not yet: the search goes on. */
  readonly missed: (lane: Lane, cause: ConnectError) => void
}

/** Looks for the leaders of lanes that have none, all of them in one loop, until each has one or the writer closes. */
export class LeaderSearch {
  readonly #cluster: Cluster
  readonly #background: Background
  readonly #signal: AbortSignal
  readonly #callbacks: LeaderCallbacks
  readonly #backoff: Backoff
  readonly #leaderless = new Set<Lane>()
  #isRunning = false

  constructor(cluster: Cluster, background: Background, signal: AbortSignal, callbacks: LeaderCallbacks) {
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = cluster.settings
    this.#cluster = cluster
    this.#background = background
    this.#signal = signal
    this.#callbacks = callbacks
    this.#backoff = new Backoff({ initialMs, maxMs })
  }

  find(lane: Lane): void {
    this.#leaderless.add(lane)
    if (this.#isRunning) return
    this.#isRunning = true
    this.#background.run('finding leaders', () => this.#run())
  }

  /** A lane in trouble flows again: the next search begins without a pause. */
  succeeded(): void {
    this.#backoff.reset()
  }

  async #run(): Promise<void> {
    while (this.#leaderless.size > 0 && !this.#signal.aborted) {
      if ([...this.#leaderless].some(lane => lane.reported)) await sleep(this.#backoff.next(), this.#signal)
      await this.#look([...this.#leaderless])
    }
    this.#isRunning = false
  }

  async #look(lanes: readonly Lane[]): Promise<void> {
    const { found, missed } = this.#callbacks
    try {
      await this.#cluster.describeTopics([...new Set(lanes.map(({ topic }) => topic))])
    } catch (error) {
      const cause = asConnectError(error)
      for (const lane of lanes) missed(lane, cause)
      return
    }
    for (const lane of lanes) {
      const topic = this.#cluster.topic(lane.topic)
      const leaderId = topic?.partitions[lane.partition]?.leaderId ?? -1
      if (leaderId < 0) missed(lane, noLeader(lane, topic === undefined))
      else {
        lane.leaderId = leaderId
        this.#leaderless.delete(lane)
        found(lane)
      }
    }
  }
}

const noLeader = (lane: Lane, unknown: boolean): ConnectError =>
  new ConnectError(
    unknown ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'LEADER_NOT_AVAILABLE',
    `${lane.topic}-${lane.partition} ${unknown ? 'does not exist' : 'has no leader'} on the target`,
    { kind: 'retriable', stage: 'produce' },
  )
