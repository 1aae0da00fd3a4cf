import { ConfigError, type ConfigProblem, type Logger } from '../../../framework/api/index.ts'
import type { AppConsumerSettings } from '../../../framework/kafka/kafkajs/index.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { builtInPolicy } from '../client/client-config.ts'
import { silentLogger } from '../client/silent-logger.ts'
import type { FailoverHandlers } from './handlers.ts'
import { keepsNames, type TopicPair, topicPairs } from './topic-pairs.ts'

type Properties = Readonly<Record<string, string>>

export interface FailoverConsumerOptions extends FailoverHandlers {
  /** Consumer group, the same on both clusters and in every member. */
  readonly group: string
  /** Names as they are where their records are written, on either cluster: `orders` stands for `orders` and `A.orders` on B. */
  readonly topics: readonly string[]
  /** By alias, as in the mirror's file: what `clientConfigOf` gives, or a Kafka client's properties. Exactly two. */
  readonly clusters: Readonly<Record<string, Properties>>
  /** Alias of the cluster that a new group begins on, and that an automatic failback goes to. The same in every member. */
  readonly preferred: string
  /** Instead of the one that the properties' `replication.policy.class` names. */
  readonly policy?: ReplicationPolicy
  /** `automatic`: after a failover back to the preferred cluster once it is healthy and caught up. `manual`, the default: by `moveTo`. */
  readonly failback?: 'manual' | 'automatic'
  /** For how long no broker of a cluster may answer before it counts as gone; 30 s. */
  readonly failoverAfterMs?: number
  /** For how long the preferred cluster must have answered every look before an automatic failback; 60 s. */
  readonly failbackAfterMs?: number
  /** How long a move between two clusters that live waits for the mirror to bring exact positions, before it goes on low; 60 s. */
  readonly moveTimeoutMs?: number
  /** How long handlers may take to end before a move or `stop` leaves them behind; 60 s. */
  readonly drainTimeoutMs?: number
  /** Where a partition has no offset: at its first record (the default) or at its end. */
  readonly fromBeginning?: boolean
  /** For kafkajs' consumer. */
  readonly consumer?: AppConsumerSettings
  /** Group by which the members agree, on both clusters: READ and DESCRIBE on it are needed. `__isthmus-failover.<group>`. */
  readonly controlGroup?: string
  /** After how long without a word a member no longer counts; 10 s. Within the brokers' bounds for session timeouts. */
  readonly controlSessionTimeoutMs?: number
  /** Names this member to people: in its status, in logs, to brokers. The group by default. */
  readonly clientId?: string
  /** Nothing by default. */
  readonly logger?: Logger
}

export interface CheckedOptions extends FailoverHandlers {
  readonly group: string
  readonly pairs: readonly TopicPair[]
  readonly aliases: readonly [string, string]
  readonly clusters: Readonly<Record<string, Properties>>
  readonly preferred: string
  /** Configured for the flow from a cluster. */
  readonly policyFrom: (source: string) => ReplicationPolicy
  readonly failback: 'manual' | 'automatic'
  readonly failoverAfterMs: number
  readonly failbackAfterMs: number
  readonly moveTimeoutMs: number
  readonly drainTimeoutMs: number
  readonly fromBeginning: boolean
  readonly consumer: AppConsumerSettings
  readonly controlGroup: string
  readonly controlSessionTimeoutMs: number
  readonly clientId: string
  readonly logger: Logger
}

const TIMES = { failoverAfterMs: 30_000, failbackAfterMs: 60_000, moveTimeoutMs: 60_000, drainTimeoutMs: 60_000 } as const

/** @throws ConfigError with every problem */
export function checkOptions(options: FailoverConsumerOptions): CheckedOptions {
  const { group, topics, clusters, preferred, failback = 'manual', eachMessage, eachBatch } = options
  const problems: ConfigProblem[] = []
  const report = (key: string, message: string, value?: string): void => {
    problems.push({ key, message, ...(value === undefined ? {} : { value }) })
  }
  const aliases = Object.keys(clusters)
  const [a, b] = aliases
  if (group === '') report('group', 'is empty; name the consumer group')
  if (topics.length === 0) report('topics', 'is empty; name the topics to consume')
  if (aliases.length !== 2) report('clusters', 'name exactly two clusters, by the aliases of the mirror file', aliases.join(', '))
  if (!aliases.includes(preferred)) report('preferred', `is none of the clusters (${aliases.join(', ')})`, preferred)
  if ((eachMessage === undefined) === (eachBatch === undefined)) report('eachMessage', 'give either eachMessage or eachBatch')
  const times = { ...TIMES }
  for (const key of Object.keys(TIMES) as (keyof typeof TIMES)[]) {
    const value = options[key] ?? TIMES[key]
    if (!(value > 0)) report(key, 'must be above 0 ms', String(value))
    Object.assign(times, { [key]: value })
  }
  if (problems.length > 0 || a === undefined || b === undefined) throw new ConfigError(problems)
  const policies = new Map([a, b].map(source => [source, policyFor(source, options)]))
  const policyFrom = (source: string): ReplicationPolicy => policies.get(source)!
  const pairs = topicPairs(topics, [a, b], policyFrom)
  if (failback === 'automatic' && keepsNames(pairs)) {
    const message =
      'topics keep their names, and flows both ways would go in circles: set manual, copy back with isthmus failback, then call moveTo'
    throw new ConfigError([{ key: 'failback', value: failback, message }])
  }
  return {
    group,
    pairs,
    aliases: [a, b],
    clusters,
    preferred,
    policyFrom,
    failback,
    ...times,
    fromBeginning: options.fromBeginning ?? true,
    consumer: options.consumer ?? {},
    controlGroup: options.controlGroup ?? `__isthmus-failover.${group}`,
    controlSessionTimeoutMs: options.controlSessionTimeoutMs ?? 10_000,
    clientId: options.clientId ?? group,
    logger: inComponent(options.logger ?? silentLogger, 'isthmus.mirror.failover'),
    ...(eachMessage === undefined ? {} : { eachMessage }),
    ...(eachBatch === undefined ? {} : { eachBatch }),
  }
}

function policyFor(source: string, { policy, clusters }: FailoverConsumerOptions): ReplicationPolicy {
  return policy ?? builtInPolicy({ ...clusters[source], 'source.cluster.alias': source })
}
