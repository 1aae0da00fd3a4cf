import { PatternList } from './pattern-list.ts'
import type { PolicyProperties } from './replication-policy.ts'

export const DEFAULT_CONFIG_PROPERTIES_EXCLUDE = [
  'follower\\.replication\\.throttled\\.replicas',
  'leader\\.replication\\.throttled\\.replicas',
  'message\\.timestamp\\.difference\\.max\\.ms',
  'message\\.timestamp\\.type',
  'unclean\\.leader\\.election\\.enable',
  'min\\.insync\\.replicas',
].join(', ')

/** Chooses the topic settings kept in step. `configure` comes first, once, with every property of the connector. */
export interface ConfigPropertyFilter {
  configure?(properties: PolicyProperties): void
  shouldReplicateConfigProperty(name: string): boolean
  /** Whether a value that is only the source cluster's default is set on the target; absent = no. */
  shouldReplicateSourceDefault?(name: string): boolean
  close?(): void
}

/** All but `config.properties.exclude`; defaults as `use.defaults.from` (`source`, or else the target's) says. */
export class DefaultConfigPropertyFilter implements ConfigPropertyFilter {
  #exclude = new PatternList('config.properties.exclude', DEFAULT_CONFIG_PROPERTIES_EXCLUDE)
  #useDefaultsFrom = 'target'

  /** @throws PatternListError */
  configure(properties: PolicyProperties): void {
    const exclude = properties['config.properties.exclude'] ?? DEFAULT_CONFIG_PROPERTIES_EXCLUDE
    this.#exclude = new PatternList('config.properties.exclude', exclude)
    this.#useDefaultsFrom = (properties['use.defaults.from'] ?? 'target').trim()
  }

  shouldReplicateConfigProperty(name: string): boolean {
    return !this.#exclude.matches(name)
  }

  shouldReplicateSourceDefault(_name: string): boolean {
    return this.#useDefaultsFrom === 'source'
  }
}
