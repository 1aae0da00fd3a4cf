import type { Logger } from '../../../framework/api/index.ts'
import { didYouMean } from '../../../framework/config/nearest.ts'
import { listGroups } from '../../../framework/kafka/admin/groups.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { GroupFilter } from '../../../policies/index.ts'

/** Of consumers, and of offsets committed without any; Connect's and share groups have no positions in topics that could be translated. */
const PROTOCOLS: ReadonlySet<string> = new Set(['consumer', ''])

/** A cluster may well have no group yet. */
const ANY = '.*'

/** Finds the consumer groups of a cluster, classic ones and those of KIP-848, that a filter chooses. */
export class GroupDiscovery {
  readonly #cluster: Cluster
  readonly #filter: GroupFilter
  readonly #alias: string
  readonly #logger: Logger
  readonly #complained = new Set<string>()

  /** @param alias of the cluster, for messages */
  constructor(cluster: Cluster, filter: GroupFilter, alias: string, logger: Logger) {
    this.#cluster = cluster
    this.#filter = filter
    this.#alias = alias
    this.#logger = logger
  }

  /** The broker that coordinates each group. Rejects when a broker does not answer. */
  async coordinators(): Promise<ReadonlyMap<string, number>> {
    const listed = [...(await listGroups(this.#cluster)).values()].filter(({ protocolType }) => PROTOCOLS.has(protocolType))
    this.#sayWhatMatchesNothing(listed.map(({ group }) => group))
    const chosen = listed.filter(({ group }) => this.#filter.shouldReplicateGroup(group))
    return new Map(chosen.map(({ group, coordinator }) => [group, coordinator]))
  }

  #sayWhatMatchesNothing(groups: readonly string[]): void {
    for (const pattern of this.#filter.unmatchedIncludes?.(groups) ?? []) {
      if (pattern === ANY || this.#complained.has(pattern)) continue
      this.#complained.add(pattern)
      const message = `groups: ${pattern} matches no group of cluster ${this.#alias}${didYouMean(pattern, groups)}; it is looked for at every refresh`
      this.#logger.warn({ pattern }, message)
    }
  }
}
