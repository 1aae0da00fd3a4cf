import { DefaultConfigPropertyFilter } from './config-property-filter.ts'
import { DefaultReplicationPolicy } from './default-replication-policy.ts'
import { DefaultGroupFilter } from './group-filter.ts'
import { IdentityReplicationPolicy } from './identity-replication-policy.ts'
import { DefaultTopicFilter } from './topic-filter.ts'

const JAVA_PACKAGE = 'org.apache.kafka.connect.mirror.'

const builtIn = {
  DefaultReplicationPolicy,
  IdentityReplicationPolicy,
  DefaultTopicFilter,
  DefaultGroupFilter,
  DefaultConfigPropertyFilter,
} as const

export type PolicyClassName = keyof typeof builtIn
export type PolicyClass = (typeof builtIn)[PolicyClassName]

/** The classes of this folder by their simple name and by the Java name that `replication.policy.class` and the like hold in existing files. */
export const policyAliases: ReadonlyMap<string, PolicyClass> = new Map(
  Object.entries(builtIn).flatMap(([name, type]) => [
    [name, type],
    [JAVA_PACKAGE + name, type],
  ]),
)
