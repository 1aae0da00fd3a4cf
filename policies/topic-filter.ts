import { PatternList } from './pattern-list.ts'
import type { PolicyProperties } from './replication-policy.ts'

export const DEFAULT_TOPICS = '.*'
export const DEFAULT_TOPICS_EXCLUDE = '.*[\\-\\.]internal, .*\\.replica, __.*'

/** Chooses what is copied. `configure` comes first, once, with every property of the connector. */
export interface TopicFilter {
  configure?(properties: PolicyProperties): void
  shouldReplicateTopic(topic: string): boolean
  /** What was asked for and is not there, as written: for a warning. */
  unmatchedIncludes?(topics: Iterable<string>): readonly string[]
  close?(): void
}

/** `topics` minus `topics.exclude`. Copies nothing until configured. */
export class DefaultTopicFilter implements TopicFilter {
  #include: PatternList | null = null
  #exclude: PatternList | null = null

  /** @throws PatternListError */
  configure(properties: PolicyProperties): void {
    this.#include = new PatternList('topics', properties.topics ?? DEFAULT_TOPICS)
    this.#exclude = new PatternList('topics.exclude', properties['topics.exclude'] ?? DEFAULT_TOPICS_EXCLUDE)
  }

  shouldReplicateTopic(topic: string): boolean {
    return (this.#include?.matches(topic) ?? false) && !(this.#exclude?.matches(topic) ?? false)
  }

  unmatchedIncludes(topics: Iterable<string>): readonly string[] {
    return this.#include?.unmatched(topics) ?? []
  }
}
