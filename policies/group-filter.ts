import { PatternList } from './pattern-list.ts'
import type { PolicyProperties } from './replication-policy.ts'

export const DEFAULT_GROUPS = '.*'
export const DEFAULT_GROUPS_EXCLUDE = 'console-consumer-.*, connect-.*, __.*'

/** Chooses the consumer groups whose offsets are translated. `configure` comes first, once, with every property of the connector. */
export interface GroupFilter {
  configure?(properties: PolicyProperties): void
  shouldReplicateGroup(group: string): boolean
  /** What was asked for and is not there, as written: for a warning. */
  unmatchedIncludes?(groups: Iterable<string>): readonly string[]
  close?(): void
}

/** `groups` minus `groups.exclude`. Accepts nothing until configured. */
export class DefaultGroupFilter implements GroupFilter {
  #include: PatternList | null = null
  #exclude: PatternList | null = null

  /** @throws PatternListError */
  configure(properties: PolicyProperties): void {
    this.#include = new PatternList('groups', properties.groups ?? DEFAULT_GROUPS)
    this.#exclude = new PatternList('groups.exclude', properties['groups.exclude'] ?? DEFAULT_GROUPS_EXCLUDE)
  }

  shouldReplicateGroup(group: string): boolean {
    return (this.#include?.matches(group) ?? false) && !(this.#exclude?.matches(group) ?? false)
  }

  unmatchedIncludes(groups: Iterable<string>): readonly string[] {
    return this.#include?.unmatched(groups) ?? []
  }
}
