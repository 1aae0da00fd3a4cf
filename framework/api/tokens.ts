import type { Meter, Tracer } from '@opentelemetry/api'
import type { Clock } from './clock.ts'
import type { Injector, Token } from './injection.ts'
import type { PluginLoader } from './plugin.ts'
import type { SourceOffset, SourcePartition } from './records.ts'
import type { Logger } from './task-context.ts'

/** Stored source offset of each partition asked for, in their order; null = none stored. Reads to the end of the store first. */
export type OffsetReader = (partitions: readonly SourcePartition[]) => Promise<readonly (SourceOffset | null)[]>

// What a class that a configuration names may have injected: name the tokens in its static list `inject`.

/** The cluster that the records of a source are written to. */
export interface TargetCluster {
  /** The first brokers that its producer asks, `host:port`. */
  readonly servers: readonly string[]
  /** Null = its brokers do not tell. */
  readonly id: string | null
}

/** The worker that runs a connector, for one whose own configuration names classes or clusters. */
export interface ConnectorHost {
  readonly injector: Injector
  readonly plugins: PluginLoader
  /** Asks its brokers, until they answer. @throws ConnectError where they refuse, ConfigError; what `signal` aborts it with */
  targetCluster(signal: AbortSignal): Promise<TargetCluster>
}

export const HOST = Symbol('ConnectorHost') as Token<ConnectorHost>
/** The connector's logger. */
export const LOGGER = Symbol('Logger') as Token<Logger>
/** Properties of the connector, variables resolved. */
export const CONFIG = Symbol('Config') as Token<Readonly<Record<string, string>>>
/** For sources. */
export const OFFSETS = Symbol('Offsets') as Token<OffsetReader>
export const METER = Symbol('Meter') as Token<Meter>
export const TRACER = Symbol('Tracer') as Token<Tracer>
/** Real time, or a test's. */
export const CLOCK = Symbol('Clock') as Token<Clock>
