import type { Token } from '../../framework/api/injection.ts'
import type { ConfigPropertyFilter, GroupFilter, ReplicationPolicy, TopicFilter } from '../../policies/index.ts'

/**
 * What the mirror asks its injector for. A host program that provides one of them, configured, has it used for every flow, whatever the
 * file's `replication.policy.class` and the like say.
 */
export const REPLICATION_POLICY = Symbol('ReplicationPolicy') as Token<ReplicationPolicy>
export const TOPIC_FILTER = Symbol('TopicFilter') as Token<TopicFilter>
export const CONFIG_PROPERTY_FILTER = Symbol('ConfigPropertyFilter') as Token<ConfigPropertyFilter>
export const GROUP_FILTER = Symbol('GroupFilter') as Token<GroupFilter>
