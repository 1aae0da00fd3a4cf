// Everything that is a span or an event of one. The README of telemetry has a table of them.

/** Before the topic, in the span of a batch: who moved it. */
export const BATCH_VERBS = ['mirror', 'source', 'sink', 'heartbeat', 'checkpoint'] as const
export type BatchVerb = (typeof BATCH_VERBS)[number]

/** Where a batch has been, in this order: `send` to Kafka or `deliver` to a sink. */
export const STAGE_NAMES = ['receive', 'transform', 'send', 'deliver', 'commit'] as const
export type StageName = (typeof STAGE_NAMES)[number]

/** Work that is done again and again. */
export const RUN_NAMES = [
  'refreshing topics',
  'bringing topic settings in step',
  'copying topic ACLs',
  'checkpoint round',
  'syncing groups',
] as const
export type RunName = (typeof RUN_NAMES)[number]

/** Before the topic, in the span of a partition's trouble as it begins. */
export const TROUBLE_NAMES = ['retrying', 'gap', 'recreated', 'failed'] as const

/** Before the name of a flow or a cluster, in the span of its trouble as it begins. */
export const FLOW_TROUBLE_NAMES = ['flow', 'cluster'] as const
export type FlowTroubleName = (typeof FLOW_TROUBLE_NAMES)[number]

/** Events of spans, besides `exception`. */
export const EVENT_NAMES = [
  'slow',
  'retry',
  'leader change',
  'flowing again',
  'gap',
  'topic recreated',
  'partition failed',
  'run failed',
] as const
export type EventName = (typeof EVENT_NAMES)[number]
